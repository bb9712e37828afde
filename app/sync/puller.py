"""Brings one account's facts into the workspace; each cursor advances with what it promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from time import monotonic

from app.connectors.base import Connector, Page
from app.domain.errors import Rejected
from app.domain.ids import AccountId, DepartmentId
from app.domain.interactions import InteractionFact
from app.domain.views import SavedSearch
from app.store import accounts
from app.store.case_rules import rules_of
from app.store.database import Tx, Workspace
from app.store.ingest import Ingested, ingest
from app.store.preparing import Prepared, prepare
from app.store.watched import watched_posts
from app.sync.pause import stored

BATCH = 500
"""Facts a transaction: large enough to be quick, small enough that the screen's writes slip in."""
PATIENCE_S = 1.0
"""However few came from a slow service, they are on the screen after this."""
REFETCHED = 50

Progress = Callable[[Ingested, datetime | None], None]
"""Told after each stored batch: what it held, and how far back a history has come."""


class Puller:
    """One account at its service. One pull at a time: a second waits for the first."""

    def __init__(
        self,
        workspace: Workspace,
        account: AccountId,
        connector: Connector,
        progress: Progress = lambda _counted, _reached: None,
    ) -> None:
        self._workspace = workspace
        self._account = account
        self._connector = connector
        self._progress = progress
        self._turn = asyncio.Lock()

    async def pull(self) -> Ingested:
        """Everything new of every stream. Raises ConnectorError; what came before it is kept.

        The very first pull comes before any history, so it judges as one: our own posts first, and
        what was answered already is no work.
        """
        counted = Ingested()
        async with self._turn:
            # Our own posts are the last stream; they go first, so that answers are known.
            for stream in reversed(self._connector.streams):
                cursor = await self._cursor(stream)
                sink = self._sink(stream, history=cursor is None)
                counted += await sink.take(self._connector.pull(stream, cursor=cursor))
        return counted

    async def listen(self, searches: Iterable[SavedSearch]) -> tuple[Ingested, Rejected | None]:
        """The finds of saved searches, into their departments' reach-out queues.

        A search that the service refuses does not stop the others; the last refusal is returned.
        """
        counted = Ingested()
        refusal: Rejected | None = None
        async with self._turn:
            for search in searches:
                stream = f"search:{search.id}"
                sink = self._sink(stream, found=search.department)
                pages = self._connector.listen(search.query, cursor=await self._cursor(stream))
                try:
                    counted += await sink.take(pages)
                except Rejected as error:
                    refusal = error
        return counted, refusal

    async def refetch(self) -> Ingested:
        """Ask again about the newest posts in open cases: were they edited, deleted?"""
        native_ids = await stored(
            self._workspace.read(lambda conn: watched_posts(conn, self._account, at_most=REFETCHED))
        )
        if not native_ids:
            return Ingested()
        return await self.store(await self._connector.refetch(native_ids))

    async def history(self, since: datetime) -> Ingested:
        """Everything back to ``since``, from where the last history stopped.

        Cancel it to stop; what was stored stays, and the next one goes on from there.
        """
        counted = Ingested()
        for stream in reversed(self._connector.streams):
            name = f"history:{stream}"
            cursor = await self._cursor(name)
            pages = self._connector.history(stream, since=since, cursor=cursor)
            counted += await self._sink(name, history=True).take(pages)
        return counted

    async def store(self, page: Page) -> Ingested:
        """Keep a page that belongs to no stream: one seen live, or asked for by id."""
        return await self._sink(None).take(_one(page))

    async def _cursor(self, stream: str) -> str | None:
        return await stored(
            self._workspace.read(lambda conn: accounts.cursor(conn, self._account, stream))
        )

    def _sink(
        self, stream: str | None, *, history: bool = False, found: DepartmentId | None = None
    ) -> _Sink:
        def write(facts: Prepared, gone: tuple[str, ...], cursor: str | None) -> Future[Ingested]:
            def op(tx: Tx) -> Ingested:
                rules = rules_of(tx, self._account, history=history, found=found)
                counted = ingest(tx, self._account, facts, gone=gone, rules=rules)
                if stream is not None and cursor is not None:
                    accounts.set_cursor(tx, self._account, stream, cursor)
                return counted

            return self._workspace.write(op)

        return _Sink(partial(prepare, self._account), write, self._progress)


async def _one(page: Page) -> AsyncIterator[Page]:
    yield page


class _Sink:
    """Gathers pages into batches and writes them, one behind the pages that still come in.

    A batch is prepared here, while the writer is busy with the one before.
    """

    def __init__(
        self,
        prepare: Callable[[Iterable[InteractionFact]], Prepared],
        write: Callable[[Prepared, tuple[str, ...], str | None], Future[Ingested]],
        progress: Progress,
    ) -> None:
        self._prepare = prepare
        self._write = write
        self._progress = progress
        self._facts: list[InteractionFact] = []
        self._gone: list[str] = []
        self._cursor: str | None = None
        self._reached: datetime | None = None
        self._under_way: tuple[Future[Ingested], datetime | None] | None = None
        self._counted = Ingested()
        self._patience_ends = monotonic() + PATIENCE_S

    async def take(self, pages: AsyncIterator[Page]) -> Ingested:
        """Store all pages; when the service breaks off, what came before is stored first."""
        try:
            async for page in pages:
                self._facts += page.facts
                self._gone += page.gone
                self._cursor = page.cursor or self._cursor
                self._reached = page.progress or self._reached
                if len(self._facts) >= BATCH or monotonic() >= self._patience_ends:
                    await self._flush()
        finally:
            if isinstance(pages, AsyncGenerator):
                await pages.aclose()  # so that its clean-up runs here and now
            await self._flush()
            await self._written()
        return self._counted

    async def _flush(self) -> None:
        """Hand the batch to the writer once it is done with the one before."""
        self._patience_ends = monotonic() + PATIENCE_S
        # Parts without a cursor first: it may be stored only with the last of what it promises.
        while len(self._facts) > BATCH:
            part = self._prepare(self._facts[:BATCH])
            await self._written()
            del self._facts[:BATCH]
            self._under_way = self._write(part, (), None), None
        rest = self._prepare(self._facts)
        await self._written()
        gone, cursor = tuple(self._gone), self._cursor
        self._facts, self._gone, self._cursor = [], [], None
        if rest.facts or gone or cursor:
            self._under_way = self._write(rest, gone, cursor), self._reached

    async def _written(self) -> None:
        if self._under_way is not None:
            (writing, reached), self._under_way = self._under_way, None
            counted = await stored(writing)
            self._counted += counted
            self._progress(counted, reached)
