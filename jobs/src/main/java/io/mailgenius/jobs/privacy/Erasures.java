package io.mailgenius.jobs.privacy;

import io.mailgenius.engine.launching.LaunchRequest;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.Priority;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Erases addresses everywhere in the current workspace, and for good. */
@Component
@Transactional
public class Erasures {

    private static final int MOST = 1_000;

    private final ErasureStore erasures;
    private final ErasedAddresses erased;
    private final Launches launches;
    private final Clock clock;

    Erasures(ErasureStore erasures, ErasedAddresses erased, Launches launches, Clock clock) {
        this.erasures = erasures;
        this.erased = erased;
        this.launches = launches;
        this.clock = clock;
    }

    /**
     * From the commit on nothing adds these addresses; the job that is launched with it erases what
     * is there.
     *
     * @throws Refusal.Invalid if an address is malformed, or there are none or too many
     */
    public ErasureView erase(Collection<String> emails) {
        if (emails.isEmpty() || emails.size() > MOST) {
            throw new Refusal.Invalid(
                    "erasure-addresses", "Name 1 to %,d addresses in \"emails\".".formatted(MOST));
        }
        List<String> addresses =
                emails.stream().map(it -> EmailAddress.required(it).value()).distinct().toList();
        erased.add(addresses);
        long id = erasures.insert(addresses, clock.instant());
        erasures.launched(
                id,
                launches.launch(
                                new LaunchRequest(
                                        ErasureJob.NAME,
                                        Long.toString(id),
                                        Map.of("erasureId", Long.toString(id)),
                                        Priority.NORMAL))
                        .id());
        return find(id);
    }

    @Transactional(readOnly = true)
    public ErasureView find(long id) {
        return erasures.find(id).orElseThrow(() -> new Refusal.NotFound("erasure", id));
    }

    /** The newest first. */
    @Transactional(readOnly = true)
    public Page<ErasureView> page(long after, int limit) {
        return Page.of(erasures.page(after, Page.rows(limit)), limit, ErasureView::id);
    }
}
