"""The commands, one module a topic; ``app.cli.parser`` lists them."""
