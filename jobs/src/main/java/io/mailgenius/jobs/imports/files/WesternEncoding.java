package io.mailgenius.jobs.imports.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;

/**
 * Distinguishes the single-byte encodings of western Europe and the Americas: those of Windows, of
 * old Macs and of DOS. It decodes each byte beyond ASCII in each encoding and compares the result
 * with the letters around it; the encoding in which most bytes become letters of words is that of
 * the text.
 */
public final class WesternEncoding {

    /** Also reads Latin-1, which differs only in control characters. */
    public static final Charset USUAL = Charset.forName("windows-1252");

    private static final String[] OTHERS = {"x-MacRoman", "IBM850"};

    private static final String OFTEN = "áàâãäçéèêëíîïñóôõöœúûüßšž";

    private static final String LETTERS = OFTEN + "åæìòøùýÿ";

    /** Characters beside or inside a word that are no letters. */
    private static final String MARKS = "’‘“”–—…•€°ºª«»¿¡®™©·´£§\u00A0";

    private final Charset charset;
    private final char[] meanings;
    private long score;

    private WesternEncoding(Charset charset) {
        this.charset = charset;
        this.meanings = new char[128];
        for (int n = 0; n < 128; n++) {
            meanings[n] = new String(new byte[] {(byte) (n + 128)}, charset).charAt(0);
        }
    }

    /** Of a text that is not UTF-8. */
    public static Charset of(InputStream text) throws IOException {
        WesternEncoding[] all = new WesternEncoding[1 + OTHERS.length];
        all[0] = new WesternEncoding(USUAL);
        for (int n = 0; n < OTHERS.length; n++) {
            all[n + 1] = new WesternEncoding(Charset.forName(OTHERS[n]));
        }
        byte[] bytes = new byte[1 << 16];
        byte before = '\n';
        int count = text.readNBytes(bytes, 0, bytes.length);
        while (count > 0) {
            for (int n = 0; n < count; n++) {
                if (bytes[n] < 0) {
                    byte next = n + 1 < count ? bytes[n + 1] : (byte) '\n';
                    for (WesternEncoding encoding : all) {
                        encoding.see(before, bytes[n], next);
                    }
                }
                before = bytes[n];
            }
            count = text.readNBytes(bytes, 0, bytes.length);
        }
        WesternEncoding best = all[0];
        for (WesternEncoding encoding : all) {
            best = encoding.score > Math.max(0, best.score) ? encoding : best;
        }
        return best.charset;
    }

    private void see(byte before, byte b, byte next) {
        char c = meanings[b & 0x7F];
        char small = Character.toLowerCase(c);
        boolean behind = isLetter(before);
        boolean inWord = behind || isLetter(next);
        int worth = !inWord ? 0 : OFTEN.indexOf(small) >= 0 ? 2 : 1;
        if (LETTERS.indexOf(c) >= 0) {
            score += isCapital(next) ? -2 : worth;
        } else if (LETTERS.indexOf(small) >= 0) {
            // At the start of a word, or in one of capital letters.
            score += behind && (isSmall(before) || isSmall(next)) ? -2 : worth;
        } else if (MARKS.indexOf(c) >= 0) {
            boolean between = behind && isLetter(next);
            score += !inWord ? 0 : between && c != '’' ? -2 : 2;
        } else {
            score -= inWord ? 3 : 1;
        }
    }

    private boolean isLetter(byte b) {
        return isSmall(b) || isCapital(b);
    }

    private boolean isSmall(byte b) {
        return b >= 'a' && b <= 'z' || b < 0 && LETTERS.indexOf(meanings[b & 0x7F]) >= 0;
    }

    private boolean isCapital(byte b) {
        return b >= 'A' && b <= 'Z'
                || b < 0
                        && LETTERS.indexOf(meanings[b & 0x7F]) < 0
                        && LETTERS.indexOf(Character.toLowerCase(meanings[b & 0x7F])) >= 0;
    }
}
