package io.mailgenius.jobs.alerts;

import io.mailgenius.engine.alerts.AlertChannel.Notice;

/** How an alert reads. */
final class AlertText {

    private AlertText() {}

    /** One line, for subjects and chats. */
    static String line(Notice notice) {
        return "[%s] %s: %s".formatted(notice.event(), notice.rule().name(), notice.message());
    }

    /** The text of a mail. */
    static String mail(Notice notice) {
        return """
               %s

               rule       %s (%s)
               subject    %s
               value      %s
               threshold  %s
               since      %s

               This mail was sent because the rule names this address.
               """
                .formatted(
                        notice.message(),
                        notice.rule().name(),
                        notice.rule().kind(),
                        notice.subject(),
                        notice.value(),
                        notice.rule().threshold(),
                        notice.at());
    }
}
