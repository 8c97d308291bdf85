"""What is asked of every conversation once it is over."""

from telnyx_toolkit.telnyx.family import Family, Json, given
from telnyx_toolkit.telnyx.schemas import InsightGroup, InsightTemplate

INSIGHTS_A_PAGE = 99  # Telnyx wants fewer than 100


class Insights(Family):
    """Everything under `/ai/conversations/insights` and `/ai/conversations/insight-groups`."""

    def create(
        self,
        *,
        name: str,
        instructions: str,
        json_schema: Json | None = None,
        idempotency_key: str,
    ) -> InsightTemplate:
        """Define an insight.

        With `json_schema` the result is JSON of that shape; each object in it needs
        `additionalProperties: false` or Telnyx answers 400. Source: `POST …/insights`.
        """
        body = given(name=name, instructions=instructions, json_schema=json_schema)
        return self._one(
            InsightTemplate, "POST", *_INSIGHTS, body=body, idempotency_key=idempotency_key
        )

    def list_all(self) -> list[InsightTemplate]:
        """Every insight, Telnyx's own among them. Source: `GET …/insights`."""
        return self._many(InsightTemplate, *_INSIGHTS, size=INSIGHTS_A_PAGE)

    def delete(self, insight_id: str) -> None:
        """Delete an insight. Source: `DELETE …/insights/{insight_id}`."""
        self._do("DELETE", *_INSIGHTS, insight_id)

    def create_group(self, *, name: str, description: str, idempotency_key: str) -> InsightGroup:
        """Define an empty group. Source: `POST …/insight-groups`."""
        body = {"name": name, "description": description}
        return self._one(InsightGroup, "POST", *_GROUPS, body=body, idempotency_key=idempotency_key)

    def list_groups(self) -> list[InsightGroup]:
        """Every group. Source: `GET …/insight-groups`."""
        return self._many(InsightGroup, *_GROUPS, size=INSIGHTS_A_PAGE)

    def get_group(self, group_id: str) -> InsightGroup:
        """One group with its insights. Source: `GET …/insight-groups/{group_id}`."""
        return self._one(InsightGroup, "GET", *_GROUPS, group_id)

    def delete_group(self, group_id: str) -> None:
        """Delete a group; its insights stay. Source: `DELETE …/insight-groups/{group_id}`."""
        self._do("DELETE", *_GROUPS, group_id)

    def assign(self, group_id: str, insight_id: str) -> None:
        """Put an insight into a group. Source: `POST …/{group_id}/insights/{insight_id}/assign`."""
        self._do("POST", *_GROUPS, group_id, "insights", insight_id, "assign")

    def unassign(self, group_id: str, insight_id: str) -> None:
        """Take it out. Source: `DELETE …/{group_id}/insights/{insight_id}/unassign`."""
        self._do("DELETE", *_GROUPS, group_id, "insights", insight_id, "unassign")


_INSIGHTS = ("ai", "conversations", "insights")
_GROUPS = ("ai", "conversations", "insight-groups")
