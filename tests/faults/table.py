"""The faults that a site must survive, and the tests that show that it does.

What they have in common: what was acknowledged is there, what is recorded is so, nothing half done is in the way, who
was refused was told why, and nobody has to repair or restart anything.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """``tests`` are files or tests, as pytest names them. ``not_shown`` says what they leave open, and why."""

    number: str
    done: str
    tests: tuple[str, ...]
    not_shown: str = ""


FAULTS = (
    Fault(
        "F01",
        "a process is killed while it receives a push",
        (
            "tests/transport/test_killed_servers.py::test_killed_while_it_receives",
            "tests/transport/test_faults.py::test_push_that_died_before_refs_moved_leaves_nothing_in_the_way",
        ),
    ),
    Fault(
        "F02",
        "a process is killed when refs have moved and nothing is recorded",
        (
            "tests/transport/test_faults.py::test_push_that_died_before_it_was_recorded_is_settled",
            "tests/services/test_edits.py::test_edit_killed_after_the_ref_moved_is_recorded_for_its_actor",
            "tests/services/test_settling.py",
        ),
    ),
    Fault(
        "F03",
        "a process is killed within a transaction of Mercurial",
        (
            "tests/transport/test_faults.py::test_changeset_that_a_killed_push_left_visible_is_told_to_nobody",
            "tests/vcs/hg/test_upkeep.py::test_a_transaction_of_a_killed_process_is_undone",
            "tests/vcs/hg/test_lock_owners.py",
        ),
    ),
    Fault(
        "F04",
        "a process is killed while it sends a clone or makes an archive",
        (
            "tests/transport/test_killed_servers.py::test_killed_while_it_sends",
            "tests/transport/test_killed_servers.py::test_pack_that_is_being_made_ends_with_a_killed_server",
            "tests/cache/test_growing_store.py::test_killed_producer_leaves_nothing_that_is_served",
            "tests/services/test_archives.py::test_what_a_killed_process_left_is_no_archive",
            "tests/services/test_clean_up.py::test_temporary_folders_of_killed_processes_are_deleted",
        ),
    ),
    Fault(
        "F05",
        "a process is killed while it merges",
        ("tests/faults/test_merges.py",),
        "the button: there are no pull requests yet",
    ),
    Fault(
        "F06",
        "an indexer or a worker is killed in its job",
        (
            "tests/search/test_dying.py",
            "tests/services/test_worker_processes.py::test_job_of_a_killed_worker_runs_again",
            "tests/tasks/test_lost_and_found.py::test_nothing_is_lost_when_workers_are_killed",
        ),
    ),
    Fault(
        "F07",
        "an upgrade of the database is killed",
        (
            "tests/migrations/test_upgrade.py::test_upgrade_may_die_after_every_change_of_tables",
            "tests/migrations/test_upgrade.py::test_upgrade_goes_on_where_it_was_broken_off",
            "tests/migrations/test_upgrade.py::test_upgrade_of_a_killed_process_can_be_run_again",
            "tests/cli/test_commands.py::test_db_create_that_was_stopped_among_the_tables_goes_on",
        ),
    ),
    Fault(
        "F08",
        "files of caches are torn",
        (
            "tests/faults/test_caches.py::test_torn_files_of_caches_are_made_again",
            "tests/cache/test_file_store.py",
        ),
    ),
    Fault(
        "F09",
        "a disk is full, read-only, or not mounted: repositories, caches, database, temporary files",
        (
            "tests/faults/test_disks.py",
            "tests/faults/test_unwritable.py",
            "tests/backends/test_writing.py::test_full_disk_is_said_in_words_and_nothing_is_lost",
        ),
        "a network file system that hangs instead of failing: there is none here",
    ),
    Fault(
        "F10",
        "the database server is away and back, or read-only",
        (
            "tests/faults/test_databases.py",
            "tests/faults/test_unwritable.py",
            "tests/faults/test_balancer.py",
            "tests/faults/test_late_databases.py",
            "tests/services/test_database_outages.py",
            "tests/transport/test_faults.py::test_push_is_refused_while_the_database_is_away",
            "tests/web/test_edits.py::test_an_edit_while_the_database_is_away_keeps_the_text",
        ),
        "a failover to another server: the connections break in the same way, or it refuses to write and is left",
    ),
    Fault(
        "F11",
        "the broker is away and back",
        (
            "tests/tasks/test_lost_and_found.py::test_nothing_is_lost_while_the_broker_is_away",
            "tests/tasks/test_relay.py",
        ),
    ),
    Fault(
        "F12",
        "Redis is away and back",
        ("tests/faults/test_caches.py", "tests/cache/test_stores.py", "tests/web/test_session_stores.py"),
    ),
    Fault(
        "F13",
        "several push to or edit one branch at once",
        (
            "tests/faults/test_servers.py::test_of_two_pushes_to_one_branch_by_two_servers_one_wins",
            "tests/backends/test_writing.py::test_of_processes_that_commit_at_once_one_wins",
        ),
        "SSH: it is not served yet",
    ),
    Fault(
        "F14",
        "upkeep repacks and prunes during pushes",
        (
            "tests/vcs/git/test_upkeep.py::test_a_push_during_a_repack_is_kept",
            "tests/services/test_upkeep.py::test_nothing_is_removed_while_a_push_is_announced",
            "tests/vcs/git/test_forking.py",
            "tests/backends/test_forking.py::test_source_can_go_away",
        ),
    ),
    Fault(
        "F15",
        "a right is taken away during a session, a clone, a push",
        (
            "tests/security/test_changing_rights.py",
            "tests/services/test_admission.py::test_every_change_is_seen_at_once_by_another_process",
            "tests/transport/test_push_slots.py::test_right_that_is_lost_while_a_push_is_sent_counts_no_more",
        ),
    ),
    Fault(
        "F16",
        "a repository is deleted, made again or renamed during a push",
        ("tests/faults/test_vanishing_repositories.py",),
    ),
    Fault(
        "F17",
        "a file system shows old attributes",
        (
            "tests/services/test_refs.py::test_a_commit_made_behind_our_back_is_seen_at_once",
            "tests/services/test_pushes.py::test_state_older_than_the_record_changes_nothing",
        ),
        "the file system itself: the kernels of test machines have no NFS. Rights are in the database alone",
    ),
    Fault(
        "F18",
        "clocks of machines differ",
        (
            "tests/services/test_database_clock.py",
            "tests/services/test_leases.py::test_clock_is_the_database_s",
            "tests/services/test_upkeep.py::test_who_has_lost_the_lease_begins_no_further_step",
        ),
    ),
    Fault(
        "F19",
        "processes are replaced under load",
        (
            "tests/faults/test_servers.py::test_processes_are_replaced_under_load_and_nobody_notices",
            "tests/faults/test_servers.py::test_processes_that_die_during_an_upgrade_do_not_end_the_server",
        ),
        "Apache: its graceful restart is not used, see apache.conf",
    ),
    Fault(
        "F20",
        "all processes are told to end",
        (
            "tests/faults/test_servers.py::test_all_processes_are_told_to_end_and_nothing_is_in_the_way",
            "tests/cli/test_serve.py::test_signal_ends_all_processes_and_is_no_failure",
            "tests/cli/test_serve.py::test_nothing_outlives_a_server_that_is_killed",
        ),
    ),
    Fault(
        "F21",
        "memory runs out",
        (
            "tests/vcs/git/test_process.py::test_memory_of_every_process_is_bounded",
            "tests/vcs/git/test_process.py::test_an_object_too_large_for_memory_is_called_so",
            "tests/doors/test_memory.py",
        ),
        "a kernel that kills for want of memory: that is a process that is killed, F01 to F06",
    ),
    Fault(
        "F22",
        "git or a hook hangs",
        (
            "tests/transport/test_hooks.py::test_hook_that_hangs_is_ended_with_all_that_it_started",
            "tests/vcs/test_process_tree.py",
            "tests/vcs/git/test_process.py",
        ),
    ),
    Fault(
        "F23",
        "clients vanish or stall",
        ("tests/transport/test_lost_clients.py", "tests/doors/test_slow_clients.py"),
    ),
    Fault(
        "F24",
        "objects are damaged or missing",
        (
            "tests/vcs/git/test_damage.py",
            "tests/vcs/hg/test_damage.py",
            "tests/web/test_broken_refs.py",
            "tests/web/test_errors.py::test_a_damaged_folder_names_its_object",
        ),
        "a command that looks for damage everywhere: git fsck and hg verify do that",
    ),
)
