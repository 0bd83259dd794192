"""Local worker processes that outlive a document that kills one of them.

`concurrent.futures` and `multiprocessing.Pool` both give up (or hang) when a process dies. Here every worker has a pipe of its
own and one task at a time, so it is always known which task a dead worker held: that task is lost, a new worker starts, the
rest goes on. Workers are spawned, never forked: a fork of a process with threads (as numpy's) can lock up.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from pipeline.errors import PipelineError

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R")
#: One thread a worker: several workers with several threads each fight for the same cores.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the result of a task whose worker died; a negative exit code is the signal that killed it."""

    exitcode: int | None


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: BaseProcess
    pipe: Connection[Any, Any]
    ready: bool = False
    task: T | None = None


def each(
    tasks: Sequence[T], *, setup: Callable[[], S], work: Callable[[S, T], R], workers: int
) -> Iterator[tuple[T, R | Died]]:
    """Yields every task with its result as soon as it is there, in the order in which they end.

    Args:
        tasks: begun in this order, each by the next idle worker; must pickle.
        setup: called once in each worker; what it returns is given to `work`. Both must pickle.
        workers: number of processes.

    Raises:
        PipelineError: `setup` or `work` raised it, or a worker died before it was set up.
    """
    crew = _Crew(tasks, setup, work)
    try:
        for _ in range(min(workers, len(tasks))):
            crew.hire()
        while crew.busy():
            yield from crew.listen()
    finally:
        crew.dismiss()


class _Crew(Generic[T, S, R]):
    """The workers and the tasks that wait for them."""

    def __init__(self, tasks: Sequence[T], setup: Callable[[], S], work: Callable[[S, T], R]) -> None:
        self.queue = deque(tasks)
        self.workers: list[_Worker[T]] = []
        self.job = pickle.dumps((setup, work))
        self.context = mp.get_context("spawn")

    def hire(self) -> None:
        here, there = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(there, self.job), daemon=True)
        process.start()
        # The worker's end must be closed here, or its death would never be seen as the end of the pipe.
        there.close()
        self.workers.append(_Worker(process, here))

    def busy(self) -> bool:
        return bool(self.queue) or any(w.task is not None for w in self.workers)

    def listen(self) -> Iterator[tuple[T, R | Died]]:
        """Waits for news; what ended is yielded only after its worker has got the next task."""
        heard = wait([w.pipe for w in self.workers])
        for worker in [w for w in self.workers if w.pipe in heard]:
            task = worker.task
            try:
                message = worker.pipe.recv()
            except (EOFError, OSError):
                exitcode = self._bury(worker)
                if task is not None:
                    yield task, Died(exitcode)
                continue
            if isinstance(message, PipelineError):
                raise message
            worker.ready, worker.task = True, None
            self._assign(worker)
            if task is not None:
                yield task, message

    def _assign(self, worker: _Worker[T]) -> None:
        if not self.queue:
            return
        try:
            worker.pipe.send(self.queue[0])
        except OSError:
            return  # it died while idle: `listen` will see the end of its pipe, and the task still waits
        worker.task = self.queue.popleft()

    def _bury(self, worker: _Worker[T]) -> int | None:
        worker.process.join()
        worker.pipe.close()
        self.workers.remove(worker)
        if not worker.ready:
            advice = "Memory may have run out while the models were loaded: try fewer workers."
            raise PipelineError(f"A worker process ended while starting (exit code {worker.process.exitcode}).", advice=advice)
        if self.queue:
            self.hire()
        return worker.process.exitcode

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join()
            worker.pipe.close()


def _serve(pipe: Connection[Any, Any], job: bytes) -> None:
    """A worker's life: set up, then task after task until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent decides
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for name in _ONE_THREAD:  # before numpy is imported, which unpickling the job may do
        os.environ.setdefault(name, "1")
    with contextlib.suppress(EOFError, OSError):  # the parent has hung up, or was killed
        _do_tasks(pipe, job)


def _do_tasks(pipe: Connection[Any, Any], job: bytes) -> None:
    try:
        setup, work = pickle.loads(job)
        state = setup()
    except PipelineError as error:
        pipe.send(error)
        return
    pipe.send(None)
    while True:
        task = pipe.recv()
        try:
            result = work(state, task)
        except PipelineError as error:
            result = error
        pipe.send(result)


def _die_with_parent() -> None:
    """Ends the worker with a parent that was killed, even in the middle of a document."""
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
