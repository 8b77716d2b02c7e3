package io.mailgenius.jobs.contacts;

import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Exports contacts as a file: all of them, those of a list or segment, or those of a filter. */
@Component
public class Exports {

    private static final int AT_ONCE = 2_000;

    private final ContactStore contacts;
    private final ListStore lists;
    private final AutocommitReadTemplate reads;

    public Exports(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.contacts = new ContactStore(jdbc);
        this.lists = new ListStore(jdbc);
        this.reads = new AutocommitReadTemplate(transactions);
    }

    /** An export that can be written. */
    @FunctionalInterface
    public interface Export {

        /**
         * Writes CSV in UTF-8, compressed with gzip, page by page, so that memory does not grow
         * with the number of contacts and no transaction stays open. Concurrent changes are
         * included if their page is read later.
         *
         * <p>After a failure the file lacks its end, so that nobody takes it for complete.
         *
         * @throws IOException if the client has closed the connection
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * @throws Refusal.NotFound if the list or segment does not exist
     */
    public Export of(ContactFilter filter) {
        List<String> attributes = Objects.requireNonNull(reads.execute(_ -> attributesOf(filter)));
        return out -> write(filter, attributes, out);
    }

    private List<String> attributesOf(ContactFilter filter) {
        if (filter.listId() != null && lists.find(filter.listId()).isEmpty()) {
            throw new Refusal.NotFound("list", filter.listId());
        }
        if (filter.segmentId() != null && !contacts.hasSegment(filter.segmentId())) {
            throw new Refusal.NotFound("segment", filter.segmentId());
        }
        return contacts.attributeNames(filter);
    }

    private void write(ContactFilter filter, List<String> attributes, OutputStream out)
            throws IOException {
        ExportFile file = new ExportFile(out, attributes);
        long after = 0;
        List<ContactView> page;
        do {
            long from = after;
            page =
                    Objects.requireNonNull(
                            reads.execute(
                                    _ -> contacts.page(filter, from, AT_ONCE, Optional.empty())));
            for (ContactView contact : page) {
                file.row(contact);
                after = contact.id();
            }
        } while (page.size() == AT_ONCE);
        file.end();
    }
}
