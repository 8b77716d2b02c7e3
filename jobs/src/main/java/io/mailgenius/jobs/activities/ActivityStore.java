package io.mailgenius.jobs.activities;

import io.mailgenius.jobs.activities.ActivityResult.Outcome;
import io.mailgenius.jobs.contacts.ContactKeys;
import io.mailgenius.jobs.contacts.ContactKeys.NewContact;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code activity}. Activities and the contacts that they create are one commit. */
@Component
final class ActivityStore {

    private static final String UNKNOWN =
            "No contact has this address or external id: create it first, or set createContact.";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ContactKeys contacts;
    private final Clock clock;

    ActivityStore(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ContactKeys contacts,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.contacts = contacts;
        this.clock = clock;
    }

    /**
     * @return the results in the order of the activities; durable on return
     */
    List<ActivityResult> write(long workspaceId, List<Activity> activities) {
        return WorkspaceScope.call(
                workspaceId,
                () -> Objects.requireNonNull(transaction.execute(_ -> writeAll(activities))));
    }

    private List<ActivityResult> writeAll(List<Activity> activities) {
        commitToDisk();
        Map<String, Activity> reports = new LinkedHashMap<>();
        activities.forEach(activity -> reports.putIfAbsent(activity.id(), activity));
        // Looked up first, so that a repeated report creates no contact that was deleted since.
        Set<String> known = known(reports.keySet());
        List<Activity> fresh =
                reports.values().stream().filter(it -> !known.contains(it.id())).toList();
        Map<String, Long> owners = new HashMap<>();
        Map<String, ActivityResult> refused = new HashMap<>();
        find(fresh, owners, refused);
        Set<String> stored =
                insert(fresh.stream().filter(it -> owners.containsKey(it.id())).toList(), owners);
        List<ActivityResult> results = new ArrayList<>(activities.size());
        for (Activity activity : activities) {
            String id = activity.id();
            if (refused.containsKey(id)) {
                results.add(Objects.requireNonNull(refused.get(id)));
            } else if (stored.remove(id)) {
                // Of several reports in one request, the first counts as stored.
                results.add(new ActivityResult(id, Outcome.STORED, owners.get(id), null, null));
            } else {
                results.add(new ActivityResult(id, Outcome.DUPLICATE, null, null, null));
            }
        }
        return results;
    }

    /**
     * The server may have synchronous_commit off, but a report that was answered is not sent again.
     */
    private void commitToDisk() {
        jdbc.sql(
                        """
                        SELECT set_config('synchronous_commit', 'on', true)
                         WHERE current_setting('synchronous_commit') = 'off'
                        """)
                .query((_, _) -> true)
                .list();
    }

    private Set<String> known(Collection<String> ids) {
        return new HashSet<>(
                jdbc.sql(
                                """
                                SELECT event_id FROM activity
                                 WHERE workspace_id = :workspace AND event_id = ANY (CAST(:ids AS text[]))
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("ids", ids.toArray(String[]::new))
                        .query((row, _) -> row.getString(1))
                        .list());
    }

    /** Finds or creates whose activities they are. */
    private void find(
            List<Activity> fresh, Map<String, Long> owners, Map<String, ActivityResult> refused) {
        List<Activity> missing = found(fresh, owners);
        Map<String, NewContact> wanted = new LinkedHashMap<>();
        for (Activity activity : missing) {
            if (activity.createsContact() && activity.email() != null) {
                wanted.putIfAbsent(
                        activity.email(), new NewContact(activity.email(), activity.externalId()));
            }
        }
        Set<String> erased = Set.of();
        if (!wanted.isEmpty()) {
            erased = contacts.add(wanted.values());
            missing = found(missing, owners);
        }
        for (Activity activity : missing) {
            refused.put(
                    activity.id(),
                    activity.email() != null && erased.contains(activity.email())
                            ? ActivityResult.refused(
                                    activity.id(),
                                    "address-is-erased",
                                    "This address was erased at its owner's request and is not stored again.")
                            : ActivityResult.refused(activity.id(), "contact-unknown", UNKNOWN));
        }
    }

    /**
     * @return those of nobody who is known
     */
    private List<Activity> found(List<Activity> activities, Map<String, Long> owners) {
        Map<String, Long> byExternalId =
                contacts.byExternalId(keys(activities, Activity::externalId));
        Map<String, Long> byEmail = contacts.byEmail(keys(activities, Activity::email));
        List<Activity> missing = new ArrayList<>();
        for (Activity activity : activities) {
            Long contact = byExternalId.get(activity.externalId());
            if (contact == null) {
                contact = byEmail.get(activity.email());
            }
            if (contact == null) {
                missing.add(activity);
            } else {
                owners.put(activity.id(), contact);
            }
        }
        return missing;
    }

    private static Set<String> keys(
            List<Activity> activities, Function<Activity, @Nullable String> key) {
        return activities.stream()
                .map(key)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Sorted, so that two nodes that write the same ids wait and do not deadlock. */
    private Set<String> insert(List<Activity> activities, Map<String, Long> owners) {
        if (activities.isEmpty()) {
            return new HashSet<>();
        }
        return new HashSet<>(
                jdbc.sql(
                                """
                                INSERT INTO activity (workspace_id, event_id, contact_id, name, occurred_at, value,
                                                      currency, properties, received_at)
                                SELECT :workspace, a.id, a.contact, a.name, CAST(a.at AS timestamptz),
                                       CAST(a.value AS numeric), a.currency, CAST(a.properties AS jsonb),
                                       CAST(:now AS timestamptz)
                                  FROM unnest(:ids, :contacts, :names, :times, :values, :currencies, :properties)
                                    AS a (id, contact, name, at, value, currency, properties)
                                 ORDER BY a.id
                                ON CONFLICT DO NOTHING
                                RETURNING event_id
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("now", clock.instant().toString())
                        .param("ids", texts(activities, Activity::id))
                        .param(
                                "contacts",
                                activities.stream()
                                        .map(it -> owners.get(it.id()))
                                        .toArray(Long[]::new))
                        .param("names", texts(activities, Activity::name))
                        .param("times", texts(activities, it -> it.occurredAt().toString()))
                        .param(
                                "values",
                                texts(
                                        activities,
                                        it -> it.value() == null ? null : it.value().toString()))
                        .param("currencies", texts(activities, Activity::currency))
                        .param("properties", texts(activities, Activity::properties))
                        .query((row, _) -> row.getString(1))
                        .list());
    }

    private static String[] texts(
            List<Activity> activities, Function<Activity, @Nullable String> text) {
        return activities.stream().map(text).toArray(String[]::new);
    }

    /**
     * Deletes activities of the current workspace from before a time.
     *
     * @return less than {@code atMost} if no more are that old
     */
    int forget(Instant before, int atMost) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ ->
                                jdbc.sql(
                                                """
                                                DELETE FROM activity
                                                 WHERE workspace_id = :workspace AND event_id = ANY (ARRAY(
                                                       SELECT event_id FROM activity
                                                        WHERE workspace_id = :workspace
                                                          AND occurred_at < CAST(:before AS timestamptz)
                                                        LIMIT :most))
                                                """)
                                        .param("workspace", WorkspaceScope.required())
                                        .param("before", before.toString())
                                        .param("most", atMost)
                                        .update()));
    }
}
