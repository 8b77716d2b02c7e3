package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SendStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Lists the recipients of a campaign and the outcome of each mail. */
@Component
public class Sends {

    private static final int AT_ONCE = 2_000;

    private final Campaigns campaigns;
    private final SendViews views;
    private final AutocommitReadTemplate reads;

    Sends(Campaigns campaigns, SendViews views, PlatformTransactionManager transactions) {
        this.campaigns = campaigns;
        this.views = views;
        this.reads = new AutocommitReadTemplate(transactions);
    }

    /**
     * Ordered by contact; recipients without an outcome are missing.
     *
     * @param status only these
     * @param after the contact after which to continue; 0 at the start
     * @throws Refusal.NotFound if there is no such campaign
     * @throws Refusal.Conflict if its sends were purged
     */
    public Page<SendView> page(
            long campaignId, @Nullable SendStatus status, long after, int limit) {
        int rows = Page.rows(limit);
        return Page.of(read(campaignId, status, after, rows), limit, SendView::contactId);
    }

    private List<SendView> read(
            long campaignId, @Nullable SendStatus status, long after, int rows) {
        return Objects.requireNonNull(
                reads.execute(
                        _ -> {
                            List<SendView> page = views.page(campaignId, status, after, rows);
                            campaigns.requireSends(campaignId);
                            return page;
                        }));
    }

    /** An export that can be written. */
    @FunctionalInterface
    public interface Export {

        /**
         * Writes CSV in UTF-8, page by page, so that memory does not grow with the number of
         * recipients and no transaction stays open. The stream is closed at the end.
         *
         * @throws IOException if the client has closed the connection
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * The same as a file.
     *
     * @throws Refusal.NotFound if there is no such campaign
     * @throws Refusal.Conflict if its sends were purged
     */
    public Export export(long campaignId, @Nullable SendStatus status) {
        campaigns.requireSends(campaignId);
        return out -> write(campaignId, status, out);
    }

    private void write(long campaignId, @Nullable SendStatus status, OutputStream out)
            throws IOException {
        SendsFile file = new SendsFile(out);
        long after = 0;
        List<SendView> page;
        do {
            page = read(campaignId, status, after, AT_ONCE);
            for (SendView send : page) {
                file.row(send);
                after = send.contactId();
            }
        } while (page.size() == AT_ONCE);
        file.end();
    }
}
