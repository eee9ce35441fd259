"""What one virtual user does: asks for a page. The status of the answer is the tag of the call."""

import gorgon
from gorgon import context, http


@gorgon.operation
def run(number: int) -> http.Response:
    return http.get(context.required("url"), params={"number": number})
