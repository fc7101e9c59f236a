"""All tables, imported here so that their metadata is complete wherever it is needed as a whole."""

from kallithea.model import (
    audit,
    follower,
    grant,
    journal,
    lease,
    location,
    meta,
    outbox,
    push_intent,
    remote,
    repository,
    repository_field,
    repository_group,
    setting,
    sign_in_failure,
    token,
    user,
    user_group,
    user_session,
)

TABLES = (
    audit.AuditEntry,
    follower.Follower,
    grant.Grant,
    journal.JournalEntry,
    lease.Lease,
    location.Location,
    outbox.OutboxJob,
    outbox.JobProgress,
    push_intent.PushIntent,
    remote.Remote,
    repository.Repository,
    repository.RepositoryState,
    repository_field.RepositoryField,
    repository_group.RepositoryGroup,
    setting.Setting,
    sign_in_failure.SignInFailure,
    token.Token,
    user.User,
    user_group.UserGroup,
    user_group.UserGroupMember,
    user_session.UserSession,
)

METADATA = meta.Table.metadata
