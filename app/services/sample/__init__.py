"""The sample workspace: a made-up coffee brand and three years of its conversations."""
