"""A channel of Slack or Microsoft Teams that topics notify."""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformProvider
from cdktf_cdktf_provider_aws.chatbot_slack_channel_configuration import ChatbotSlackChannelConfiguration
from cdktf_cdktf_provider_aws.chatbot_teams_channel_configuration import ChatbotTeamsChannelConfiguration
from constructs import Construct

from deployment.resources.chat import ChatChannelSpec
from modules.terraform.providers import use_provider


class ChatChannel(Construct):
    """A chat channel, through Amazon Q Developer in chat applications, which subscribes itself to the topics.

    A person has authorized the workspace or team in the console of the account before.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        spec: The channel.
        topic_arns: Its topics, as references. Default: those of the spec.
        role_arn: The role that the channel uses, as a reference. Default: that of the spec.
        depends_on: What must exist before. Default: nothing.
        provider: The AWS provider of its resources. Default: the stack's.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        spec: ChatChannelSpec,
        topic_arns: Sequence[str] = (),
        role_arn: str | None = None,
        depends_on: Sequence[ITerraformDependable] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, provider)
        topics, role = list(topic_arns or spec.topic_arns), role_arn or spec.role_arn
        if spec.slack:
            ChatbotSlackChannelConfiguration(
                self,
                "channel",
                configuration_name=spec.name,
                slack_team_id=spec.slack.workspace,
                slack_channel_id=spec.slack.channel,
                iam_role_arn=role,
                guardrail_policy_arns=[spec.guardrail_policy_arn],
                sns_topic_arns=topics,
                depends_on=list(depends_on),
            )
        elif spec.teams:
            ChatbotTeamsChannelConfiguration(
                self,
                "channel",
                configuration_name=spec.name,
                tenant_id=spec.teams.tenant,
                team_id=spec.teams.team,
                channel_id=spec.teams.channel,
                iam_role_arn=role,
                guardrail_policy_arns=[spec.guardrail_policy_arn],
                sns_topic_arns=topics,
                depends_on=list(depends_on),
            )
