package io.mailgenius.jobs.imports.columns;

import io.mailgenius.schema.ContactStatus;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words of other products for a contact's status, in English, Portuguese, Spanish, German and
 * French. {@code SUBSCRIBED} stands for a word that does not withdraw consent.
 */
public final class ConsentWords {

    private static final Map<String, ContactStatus> STATUS = new HashMap<>();

    /** Words that are only used about mail, so a column with one of them is about mail. */
    private static final Map<String, ContactStatus> WITHIN = new HashMap<>();

    /** Words that are also used about other things, such as an order or a customer. */
    private static final Set<String> VAGUE =
            Set.of(
                    "active",
                    "ativo",
                    "ativa",
                    "activo",
                    "activa",
                    "aktiv",
                    "actif",
                    "enabled",
                    "valid",
                    "valido",
                    "ok",
                    "confirmed",
                    "confirmado",
                    "verified",
                    "pending",
                    "pendente",
                    "pendiente",
                    "ausstehend",
                    "enattente",
                    "waiting",
                    "aguardando",
                    "deliverable",
                    "delivered",
                    "granted",
                    "accepted",
                    "express",
                    "implicit",
                    "invalid",
                    "invalido",
                    "ungultig",
                    "invalide",
                    "unconfirmed",
                    "unverified");

    static {
        know(
                ContactStatus.SUBSCRIBED,
                "subscribed, subscriber, optedin, optin, doubleoptin, singleoptin, inscrito, inscrita,"
                        + " assinante, suscrito, suscrita, abonniert, angemeldet, abonne, abonnee, inscrit,"
                        + " marketingcontact, whitelisted, mailable, subscribedconfirmed");
        know(
                ContactStatus.PENDING,
                "notconfirmed, naoconfirmado, noconfirmado, unbestatigt, nonconfirme, awaitingconfirmation,"
                        + " neversubscribed, notsubscribed, nonsubscribed, nonsubscriber, transactional,"
                        + " nonmarketingcontact, notset, noconsent, naoinscrito, nosuscrito");
        know(
                ContactStatus.UNSUBSCRIBED,
                "unsubscribed, unsubscribe, unsub, optedout, optout, descadastrado, descadastrada, desinscrito,"
                        + " desinscrita, desuscrito, desuscrita, dadodebaja, dadadebaja, abgemeldet, abbestellt,"
                        + " desabonne, desabonnee, desinscrit, desinscrite, donotemail, donotmail, donotcontact,"
                        + " blacklisted, blocklisted, suppressed, globalunsubscribe, naoreceber, norecibir");
        know(
                ContactStatus.BOUNCED,
                "bounced, bounce, hardbounce, hardbounced, cleaned, undeliverable, undelivered, devolvido,"
                        + " rebotado, unzustellbar, nondelivre, bouncedhard, invalidemail, emailinvalido");
        know(
                ContactStatus.COMPLAINED,
                "complained, complaint, complainer, spam, spamcomplaint, spamreport, markedasspam,"
                        + " reportedasspam, reportedspam, marcadocomospam, abuse, abusecomplaint, plainte");
        for (String word : VAGUE) {
            STATUS.put(word, ContactStatus.SUBSCRIBED);
        }
        for (String word :
                new String[] {
                    "pending",
                    "pendente",
                    "pendiente",
                    "ausstehend",
                    "enattente",
                    "waiting",
                    "aguardando",
                    "unconfirmed",
                    "unverified"
                }) {
            STATUS.put(word, ContactStatus.PENDING);
        }
        for (String word : new String[] {"invalid", "invalido", "ungultig", "invalide"}) {
            STATUS.put(word, ContactStatus.BOUNCED);
        }
        WITHIN.put("unsub", ContactStatus.UNSUBSCRIBED);
        WITHIN.put("optout", ContactStatus.UNSUBSCRIBED);
        WITHIN.put("optedout", ContactStatus.UNSUBSCRIBED);
        WITHIN.put("descadastr", ContactStatus.UNSUBSCRIBED);
        WITHIN.put("hardbounce", ContactStatus.BOUNCED);
        WITHIN.put("spamcomplaint", ContactStatus.COMPLAINED);
    }

    private ConsentWords() {}

    private static void know(ContactStatus status, String words) {
        for (String word : words.split(", *")) {
            STATUS.put(word, status);
        }
    }

    /** Lower case, without accents and everything else that is no letter and no digit. */
    static String key(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "");
    }

    public static Optional<ContactStatus> status(String text) {
        String key = key(text);
        ContactStatus known = STATUS.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        return WITHIN.entrySet().stream()
                .filter(part -> key.contains(part.getKey()) && !key.startsWith("not"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether the text is only used about mail. */
    public static boolean isAboutMail(String text) {
        return status(text).isPresent() && !VAGUE.contains(key(text));
    }
}
