"""`/sandbox/…`: faults, the record of requests, the clock, votes. For tests, on loopback."""

from __future__ import annotations

import json
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosspost.errors import UsageError
from crosspost.sandbox.calls import Rooms
from crosspost.sandbox.database import Database
from crosspost.sandbox.refusal import Refusal


class Admin:
    """The routes that a real server does not have."""

    def __init__(self, rooms: Rooms, database: Database) -> None:
        self._rooms = rooms
        self._database = database

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/sandbox/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/sandbox/faults/{number:int}", self._fault, methods=["DELETE"]),
            Route("/sandbox/requests", self._requests, methods=["GET", "DELETE"]),
            Route("/sandbox/accounts", self._accounts, methods=["POST"]),
            Route("/sandbox/clock", self._clock, methods=["GET", "POST"]),
            Route("/sandbox/keys", self._keys, methods=["DELETE"]),
            Route("/sandbox/votes", self._votes, methods=["POST"]),
        ]

    async def _faults(self, request: Request) -> Response:
        faults = self._rooms.faults
        if request.method == "POST":
            try:
                given = json.loads(await request.body())
                fault = faults.arm(given if isinstance(given, dict) else {})
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 422)
            return JSONResponse(fault.as_json(), 201)
        if request.method == "DELETE":
            faults.disarm()
        return JSONResponse([fault.as_json() for fault in faults.armed])

    async def _fault(self, request: Request) -> Response:
        self._rooms.faults.disarm(request.path_params["number"])
        return JSONResponse([fault.as_json() for fault in self._rooms.faults.armed])

    async def _requests(self, request: Request) -> Response:
        record = self._rooms.faults.requests
        if request.method == "DELETE":
            record.clear()
        return JSONResponse([asdict(asked) for asked in record])

    async def _accounts(self, request: Request) -> Response:
        """Open an account beside the first, for a town that has several; give its token."""
        access = self._rooms.access
        try:
            account = access.open_account(str(json.loads(await request.body())["account"]))
        except (ValueError, TypeError, KeyError, UsageError) as error:
            return JSONResponse({"error": f'give {{"account": "@name@host"}}: {error}'}, 422)
        token = access.owner_token(account)
        return JSONResponse({"account": account.handle, "token": token}, 201)

    async def _clock(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                seconds = float(json.loads(await request.body())["advance"])
                self._database.advance(seconds)
            except (ValueError, TypeError, KeyError) as error:
                wrong = f'give {{"advance": seconds}}, zero or more: {error}'
                return JSONResponse({"error": wrong}, 422)
        return JSONResponse({"now": self._database.now})

    async def _votes(self, request: Request) -> Response:
        try:
            given = json.loads(await request.body())
            status, votes = str(given["status"]), [int(count) for count in given["votes"]]
            poll = self._rooms.posting.vote(status, votes).poll
        except (ValueError, TypeError, KeyError) as error:
            wrong = f'give {{"status": id, "votes": [3, 1]}}, one number a choice: {error}'
            return JSONResponse({"error": wrong}, 422)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        return JSONResponse({"votes": list(poll.votes) if poll else []})

    async def _keys(self, request: Request) -> Response:
        self._rooms.store.forget_keys()
        return JSONResponse({})
