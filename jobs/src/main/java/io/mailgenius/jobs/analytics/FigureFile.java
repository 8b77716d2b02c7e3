package io.mailgenius.jobs.analytics;

import static io.mailgenius.jobs.contacts.SpreadsheetText.harmless;

import io.mailgenius.jobs.events.EventType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Figures as CSV for spreadsheets: the numbers of the API, one row per item. */
public final class FigureFile {

    private static final List<String> RATES =
            List.of(
                    "delivery",
                    "bounce",
                    "open",
                    "click",
                    "clickToOpen",
                    "complaint",
                    "unsubscribe");

    private final List<List<?>> rows = new ArrayList<>();

    private FigureFile(List<?>... header) {
        row(header);
    }

    /**
     * @param zone the time zone of the times
     */
    public static FigureFile of(Series series, ZoneId zone) {
        FigureFile file = new FigureFile(List.of("start"), figureNames(""));
        for (Series.Point point : series.points()) {
            file.row(List.of(time(point.start(), zone)), figures(point.figures()));
        }
        return file;
    }

    public static FigureFile of(Breakdown breakdown) {
        FigureFile file = new FigureFile(List.of("by", "value", "type", "events", "contacts"));
        file.parts("links", breakdown.links());
        file.parts("mailboxes", breakdown.mailboxes());
        file.parts("devices", breakdown.devices());
        file.parts("clients", breakdown.clients());
        return file;
    }

    /** Links and user agents are untrusted text, so formulas are escaped. */
    private void parts(String by, List<Breakdown.Part> parts) {
        for (Breakdown.Part part : parts) {
            row(List.of(by, text(part.value()), part.type(), part.events(), part.contacts()));
        }
    }

    /** One row per campaign. */
    public static FigureFile of(Comparison comparison) {
        FigureFile file =
                new FigureFile(
                        List.of("campaignId", "name", "firstMail"),
                        figureNames(""),
                        rateNames(""),
                        figureNames("difference."),
                        rateNames("difference."));
        for (Comparison.Compared campaign : comparison.campaigns()) {
            file.row(
                    List.of(
                            campaign.id(),
                            text(campaign.name()),
                            time(campaign.firstMail(), ZoneOffset.UTC)),
                    figures(campaign.total()),
                    rates(campaign.rates()),
                    figures(campaign.difference().total()),
                    rates(campaign.difference().rates()));
        }
        return file;
    }

    /** One row per campaign and hour. */
    public static FigureFile hoursOf(Comparison comparison) {
        FigureFile file =
                new FigureFile(
                        List.of("campaignId", "name", "after"),
                        figureNames(""),
                        figureNames("soFar."),
                        rateNames("soFar."));
        for (Comparison.Compared campaign : comparison.campaigns()) {
            for (Comparison.Hour hour : campaign.hours()) {
                file.row(
                        List.of(campaign.id(), text(campaign.name()), hour.after()),
                        figures(hour.figures()),
                        figures(hour.soFar()),
                        rates(hour.ratesSoFar()));
            }
        }
        return file;
    }

    /**
     * @param zone the time zone of the times
     */
    public static FigureFile of(Growth growth, ZoneId zone) {
        FigureFile file =
                new FigureFile(
                        List.of("start", "gained", "lost", "subscribed", "unsubscribed", "size"));
        for (Growth.Point point : growth.points()) {
            file.row(
                    List.of(
                            time(point.start(), zone),
                            point.gained(),
                            point.lost(),
                            point.subscribed(),
                            point.unsubscribed(),
                            point.size()));
        }
        return file;
    }

    private void row(List<?>... parts) {
        rows.add(Arrays.stream(parts).<Object>flatMap(List::stream).toList());
    }

    private static List<String> figureNames(String prefix) {
        return Arrays.stream(EventType.values())
                .map(type -> prefix + camelCase(type.name()))
                .flatMap(type -> List.of(type + ".events", type + ".contacts").stream())
                .toList();
    }

    /** Converts {@code MACHINE_OPENED} to {@code machineOpened}. */
    private static String camelCase(String word) {
        String[] parts = word.toLowerCase(Locale.ROOT).split("_");
        StringBuilder all = new StringBuilder(parts[0]);
        for (int n = 1; n < parts.length; n++) {
            all.append(Character.toUpperCase(parts[n].charAt(0)))
                    .append(parts[n], 1, parts[n].length());
        }
        return all.toString();
    }

    private static List<Long> figures(Figures figures) {
        return Arrays.stream(EventType.values())
                .map(figures::of)
                .flatMap(figure -> List.of(figure.events(), figure.contacts()).stream())
                .toList();
    }

    private static List<String> rateNames(String prefix) {
        return RATES.stream().map(rate -> prefix + "rate." + rate).toList();
    }

    private static List<String> rates(Rates rates) {
        return DoubleStream.of(
                        rates.delivery(),
                        rates.bounce(),
                        rates.open(),
                        rates.click(),
                        rates.clickToOpen(),
                        rates.complaint(),
                        rates.unsubscribe())
                .mapToObj(rate -> String.format(Locale.ROOT, "%.6f", rate))
                .toList();
    }

    /** Local time with its offset from UTC. */
    private static String time(@Nullable Instant moment, ZoneId zone) {
        return moment == null
                ? ""
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atZone(zone));
    }

    private static String text(String text) {
        return String.valueOf(harmless(text));
    }

    public void writeTo(OutputStream out) throws IOException {
        CSVPrinter printer =
                new CSVPrinter(
                        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
                        CSVFormat.RFC4180);
        printer.printRecords(rows);
        printer.close(true);
    }
}
