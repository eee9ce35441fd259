"""The same two loads for Locust: FLOW=1 is the flow of two requests, else one request."""

import os

from locust import FastHttpUser, task


class User(FastHttpUser):
    @task
    def load(self):
        if not os.environ.get("FLOW"):
            self.client.get("/")
            return
        order = self.client.get("/").json()["id"]
        with self.client.get(f"/tx/{order}", catch_response=True) as answer:
            if answer.json()["status"] != "DONE":
                answer.failure("not done")
