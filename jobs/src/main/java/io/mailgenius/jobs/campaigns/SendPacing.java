package io.mailgenius.jobs.campaigns;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Table campaign_pace: what all nodes together have taken of each campaign's allowance. */
@Component
public class SendPacing {

    private final JdbcClient jdbc;
    private final Clock clock;

    SendPacing(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Takes the allowance of a whole chunk. Call it in the transaction that stores the reservation
     * with the chunk, under the chunk's fence: a crash leaves both or neither, and a worker that
     * has lost the chunk changes nothing. Other chunks of the campaign wait until this transaction
     * ends.
     *
     * @param mails of the chunk
     * @param zone of its recipients, for a window in each recipient's zone
     * @param before what an earlier attempt has reserved
     * @param begun whether mails of it may have been sent
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public SendPermission take(
            long campaignId,
            Timing timing,
            int mails,
            @Nullable String zone,
            Reservation before,
            boolean begun) {
        SendAllowance sendAllowance = locked(campaignId);
        // The precision of the database.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        SendAllowance.Turn turn = sendAllowance.take(timing, mails, zone, before, begun, now);
        writeIfChanged(campaignId, sendAllowance, turn.after());
        return turn.permission();
    }

    /**
     * Gives back what a chunk has reserved and certainly has not used. Call it in the transaction
     * that removes the reservation from the chunk, under the chunk's fence, so that it is given
     * back once.
     *
     * @param mails of the chunk
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void giveBack(long campaignId, Timing timing, int mails, Reservation reservation) {
        SendAllowance sendAllowance = locked(campaignId);
        writeIfChanged(
                campaignId, sendAllowance, sendAllowance.without(timing, mails, reservation));
    }

    private void writeIfChanged(long campaignId, SendAllowance before, SendAllowance after) {
        if (!after.equals(before)) {
            write(campaignId, after);
        }
    }

    private SendAllowance locked(long campaignId) {
        return jdbc.sql(
                        """
                        INSERT INTO campaign_pace (workspace_id, campaign_id) VALUES (:workspace, :campaign)
                        ON CONFLICT (workspace_id, campaign_id) DO UPDATE SET campaign_id = :campaign
                        RETURNING *
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", campaignId)
                .query(SendPacing::pace)
                .single();
    }

    /** The current allowance, without a lock. */
    Optional<SendAllowance> find(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT * FROM campaign_pace
                         WHERE workspace_id = current_workspace() AND campaign_id = :campaign
                        """)
                .param("campaign", campaignId)
                .query(SendPacing::pace)
                .optional();
    }

    private void write(long campaignId, SendAllowance sendAllowance) {
        jdbc.sql(
                        """
                        UPDATE campaign_pace
                           SET next_at = :next, line_at = :line, day = :day, day_number = :number, day_taken = :taken,
                               line_day = :lineDay, line_taken = :lineTaken
                         WHERE workspace_id = current_workspace() AND campaign_id = :campaign
                        """)
                .param("next", at(sendAllowance.next()))
                .param("line", at(sendAllowance.line()))
                .param("day", sendAllowance.day())
                .param("number", sendAllowance.number())
                .param("taken", sendAllowance.taken())
                .param("lineDay", sendAllowance.lineDay())
                .param("lineTaken", sendAllowance.lineTaken())
                .param("campaign", campaignId)
                .update();
    }

    private static SendAllowance pace(ResultSet row, int number) throws SQLException {
        return new SendAllowance(
                instant(row.getObject("next_at", OffsetDateTime.class)),
                instant(row.getObject("line_at", OffsetDateTime.class)),
                row.getObject("day", LocalDate.class),
                row.getInt("day_number"),
                row.getLong("day_taken"),
                row.getObject("line_day", LocalDate.class),
                row.getLong("line_taken"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }
}
