"""The models of answers, as few as there are kinds of answers."""

from typing import Any

from ninja.operation import Operation


def share_response_models() -> None:
    """Have all routes that answer alike share one model; call it before the first route is made.

    ninja makes a model for every status of every route, thousands for the problems that each route may answer
    with: a third of the memory of the process that serves the API.
    """
    made: dict[Any, Any] = {}
    create = Operation._create_response_model

    def shared(self: Operation, response_param: Any) -> Any:
        if not isinstance(response_param, type):
            return create(self, response_param)
        if response_param not in made:
            made[response_param] = create(self, response_param)
        return made[response_param]

    Operation._create_response_model = shared  # type: ignore[method-assign]
