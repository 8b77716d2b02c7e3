package io.mailgenius.api.samples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Writes a realistic CSV file of contacts: accents, quoted commas and line breaks, one malformed
 * and one repeated address per hundred rows. The file is a function of the seed, and each row of
 * its number.
 */
public final class SampleContacts {

    /** The expected result of importing the file. */
    public record Expected(long rows, long valid, long duplicate, long bad, long pro) {}

    public static final String HEADER =
            "email,first_name,last_name,city,country,plan,signup_date,score\n";

    private static final int BAD = 37;
    private static final int DUPLICATE = 73;

    /** The distance between a duplicate and the row whose address it repeats. */
    private static final int BACK = 50;

    private static final LocalDate FIRST_DAY = LocalDate.of(2021, 1, 1);

    private static final String[] SIGNUP_DATES = new String[5 * 365];

    static {
        for (int i = 0; i < SIGNUP_DATES.length; i++) {
            SIGNUP_DATES[i] = FIRST_DAY.plusDays(i).toString();
        }
    }

    private final long count;
    private final long seed;

    public SampleContacts(long count, long seed) {
        this.count = count;
        this.seed = seed;
    }

    public Expected writeTo(OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        StringBuilder rows = new StringBuilder(1 << 16);
        rows.append(HEADER);
        long bad = 0;
        long duplicate = 0;
        long pro = 0;
        for (long i = 0; i < count; i++) {
            if (isBad(i)) {
                bad++;
            } else if (isDuplicate(i)) {
                duplicate++;
            } else if (isPro(dice(i))) {
                pro++;
            }
            row(i, rows);
            if (rows.length() > (1 << 16) - 1024) {
                writer.append(rows);
                rows.setLength(0);
            }
        }
        writer.append(rows);
        writer.flush();
        return new Expected(count, count - bad - duplicate, duplicate, bad, pro);
    }

    private static boolean isBad(long row) {
        return row % 100 == BAD;
    }

    private static boolean isDuplicate(long row) {
        return row % 100 == DUPLICATE;
    }

    private void row(long i, StringBuilder out) {
        // A duplicate has the earlier person's address in capitals and a newer score.
        long person = isDuplicate(i) ? i - BACK : i;
        long dice = dice(person);
        Names.Name first = pick(Names.FIRST, dice);
        Names.Name last = pick(Names.LAST, dice >>> 12);
        Names.Place place = Names.PLACES[(int) ((dice >>> 24 & 0xfff) % Names.PLACES.length)];
        if (isBad(i)) {
            out.append(Names.BAD_ADDRESSES[(int) (i / 100 % Names.BAD_ADDRESSES.length)]);
        } else {
            address(isDuplicate(i), first, last, person, out);
        }
        out.append(',').append(first.csv()).append(',').append(last.csv());
        out.append(',').append(place.cityCsv()).append(',').append(place.country());
        out.append(',').append(isPro(dice) ? "pro" : (dice >>> 40 & 7) == 0 ? "team" : "free");
        out.append(',').append(SIGNUP_DATES[(int) ((dice >>> 36 & 0xffff) % SIGNUP_DATES.length)]);
        out.append(',').append((mix(dice + i) & 0x7fffffff) % 1000).append('\n');
    }

    private static void address(
            boolean loud, Names.Name first, Names.Name last, long person, StringBuilder out) {
        out.append(loud ? first.loud() : first.ascii())
                .append('.')
                .append(loud ? last.loud() : last.ascii())
                .append('.')
                .append(person)
                .append(loud ? "@EXAMPLE.COM" : "@example.com");
    }

    private static Names.Name pick(Names.Name[] names, long dice) {
        return names[(int) ((dice & 0xfff) % names.length)];
    }

    private static boolean isPro(long dice) {
        return (dice >>> 55 & 1) == 1;
    }

    private long dice(long row) {
        return mix(mix(seed) + row * 0x9e3779b97f4a7c15L);
    }

    /** The mixing function of SplittableRandom, so that neighbouring rows are unrelated. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
