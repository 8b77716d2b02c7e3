package io.mailgenius.jobs.imports.columns;

import io.mailgenius.jobs.imports.values.CellType;
import io.mailgenius.jobs.imports.values.WrittenDate;
import io.mailgenius.schema.ContactStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a column of another product states the contact's status. A cell can only withdraw consent:
 * {@code SUBSCRIBED} stands for a cell that does not.
 */
public enum ConsentRule {
    /** A word for the contact's status. */
    STATUS,
    /** The same, in a column that may as well be about something else. */
    PERHAPS_STATUS,
    /** Yes means no mail. */
    OPT_OUT,
    /** No means no mail. */
    OPT_IN,
    /** Yes means that mail cannot be delivered. */
    BOUNCED,
    /** Yes means that mail was reported as spam. */
    COMPLAINED,
    /** The moment of an unsubscription. */
    UNSUBSCRIBED_AT,
    /** The moment of, or the reason for, a bounce. */
    BOUNCED_AT;

    private static final Map<String, ConsentRule> BY_NAME = new HashMap<>();

    static {
        know(
                STATUS,
                "emailstatus, emailmarketingstatus, subscriptionstatus, subscriberstatus, marketingstatus,"
                        + " emailsubscriptionstatus, optinstatus, marketingcontactstatus, mailingstatus,"
                        + " newsletterstatus, emailpermissionstatus, statusdoemail, statusemail,"
                        + " statusdainscricao, statusdeinscricao, statusdaassinatura, estadodesuscripcion,"
                        + " estadodelasuscripcion, anmeldestatus, abonnementstatus, statutabonnement,"
                        + " statutdabonnement, statutdinscription, statutemail, statutdelemail");
        know(
                PERHAPS_STATUS,
                "status, contactstatus, memberstatus, situacao, situacion, statut, kontaktstatus");
        know(
                OPT_OUT,
                "optout, optedout, emailoptout, emailoptedout, hasoptedoutofemail, optedoutofemail,"
                        + " optoutemail, optoutofemail, unsubscribed, unsubscribe, isunsubscribed,"
                        + " emailunsubscribed, unsubscribedfromallemail, unsubscribedfromallemails,"
                        + " unsubscribedfromemail, unsubscribedfromemails, globalunsubscribe, donotemail,"
                        + " donotmail, donotcontact, donotsendemail, donotsendemails, dontemail, noemail,"
                        + " nomail, noemails, noemailmarketing, emaildonotcontact, blacklisted, blacklist,"
                        + " emailblacklisted, emailblacklist, blocklisted, blocklist, emailblocklisted,"
                        + " suppressed, emailsuppressed, descadastrado, descadastrada, descadastro,"
                        + " optoutdeemail, optoutemailmarketing, naoenviar, naoenviaremail, naoenviaremails,"
                        + " naoreceberemail, naoreceberemails, naoquerreceberemail, naoquerreceberemails,"
                        + " cancelouinscricao, inscricaocancelada, desinscrito, desuscrito, dadodebaja,"
                        + " bajaemail, noenviar, noenviaremail, noenviaremails, norecibiremails, abgemeldet,"
                        + " abbestellt, keinewerbung, keineemails, keinemails, desabonne, desinscrit,"
                        + " nepascontacter, nepasenvoyer, nepasenvoyerdemail, stopemail, stopemails");
        know(
                OPT_IN,
                "acceptsmarketing, acceptsemailmarketing, acceptemailmarketing, buyeracceptsmarketing,"
                        + " emailoptin, optin, optedin, emailoptedin, optinemail, subscribed, issubscribed,"
                        + " emailsubscribed, subscribedtoemail, newsletter, newsletteroptin,"
                        + " newslettersubscription, newslettersubscribed, marketingoptin, emailmarketing,"
                        + " marketingemails, receiveemails, receivesemails, receivenewsletter, wantsemail,"
                        + " wantsemails, wantsnewsletter, allowemail, allowemails, mailable,"
                        + " marketingconsent, emailconsent, emailmarketingconsent, consent, gdprconsent,"
                        + " consentgiven, marketingpermission, emailpermission, permission, gdpr, lgpd, rgpd,"
                        + " aceitamarketing, aceitaemailmarketing, aceitareceberemail, aceitareceberemails,"
                        + " aceitaemail, aceitaemails, aceitanewsletter, aceitacomunicacao,"
                        + " aceitacomunicacoes, receberemail, receberemails, recebernewsletter, recebeemail,"
                        + " recebeemails, querreceberemail, querreceberemails, autorizaemail, autorizaenvio,"
                        + " autorizaenviodeemail, consentimento, inscrito, assinante, aceptamarketing,"
                        + " aceptaemail, aceptaemails, aceptapublicidad, recibiremail, recibiremails,"
                        + " consentimiento, suscrito, abonniert, newsletterabonniert, werbeeinwilligung,"
                        + " einwilligung, accepteemail, acceptelesemails, acceptemarketing,"
                        + " acceptenewsletter, abonne, consentement, inscritnewsletter");
        know(
                BOUNCED,
                "bounced, isbounced, emailbounced, emailisbounced, hardbounced, hardbounce, emailhardbounced,"
                        + " bounce, cleaned, invalidemail, invalidemailaddress, emailinvalid, emailisinvalid,"
                        + " emailinvalido, emailaddressquarantined, emailquarantined, devolvido, rebotado,"
                        + " unzustellbar");
        know(
                COMPLAINED,
                "complained, complaint, spamcomplaint, markedasspam, spam, spamreport, reportedasspam,"
                        + " reportedspam, abusecomplaint, marcadocomospam, marcadocomospam");
        know(
                UNSUBSCRIBED_AT,
                "unsubtime, unsubscribedat, unsubscribeat, unsubscribedate, unsubscribeddate,"
                        + " unsubscribedon, dateunsubscribed, unsubscribetime, unsubscribedtime, optoutdate,"
                        + " optouttime, optedoutat, optoutat, optedouton, datadescadastro,"
                        + " datadedescadastro, datadodescadastro, descadastradoem, fechadebaja, fechabaja,"
                        + " abmeldedatum, abgemeldetam, datededesabonnement, datededesinscription,"
                        + " desinscritle");
        know(
                BOUNCED_AT,
                "cleantime, cleanedat, cleaneddate, bouncedat, bouncedate, bounceddate, emailbounceddate,"
                        + " emailbouncedreason, hardbouncereason, emailhardbouncereason, bouncereason,"
                        + " emailaddressquarantinereason, emailquarantinereason");
    }

    /**
     * Words which show that a column holds the time or the way of consent, instead of yes or no.
     */
    private static final Set<String> HARMLESS =
            Set.of(
                    "optintime",
                    "optinip",
                    "confirmtime",
                    "confirmip",
                    "unsubcampaigntitle",
                    "unsubcampaignid",
                    "unsubreason",
                    "unsubreasonother",
                    "cleancampaigntitle",
                    "cleancampaignid",
                    "optindate",
                    "optinsource",
                    "consentdate",
                    "consenttimestamp",
                    "emailmarketingconsenttimestamp",
                    "subscribedat",
                    "subscribedate",
                    "subscriptiondate",
                    "subscriptionsource",
                    "acceptsmarketingupdatedat");

    /** Words in the names of columns that seem to be about consent. */
    private static final String[] ABOUT_MAIL = {
        "unsub",
        "subscri",
        "optin",
        "optout",
        "optedin",
        "optedout",
        "consent",
        "bounce",
        "complain",
        "spam",
        "descadastr",
        "inscri",
        "newsletter",
        "blacklist",
        "blocklist",
        "suppress",
        "lgpd",
        "gdpr",
        "rgpd",
        "donotmail",
        "donotemail",
        "donotcontact",
        "assinante",
        "abgemeldet",
        "abbestell",
        "abonn",
        "einwillig",
        "dsgvo",
        "permission",
        "permissao",
        "emailmarketing",
        "acceptsm",
        "aceita",
        "acepta",
        "accepte",
        "quarantin",
        "baja"
    };

    private static void know(ConsentRule rule, String names) {
        for (String name : names.split(", *")) {
            BY_NAME.put(name, rule);
        }
    }

    /** By the column's name. */
    static Optional<ConsentRule> byHeader(String name) {
        String key = ConsentWords.key(name);
        // HubSpot has a column of them for each kind of mail.
        return key.startsWith("optedoutofemail")
                ? Optional.of(OPT_OUT)
                : Optional.ofNullable(BY_NAME.get(key));
    }

    /** Whether a column without a rule seems to be about consent. */
    public static boolean looksLikeOne(String name) {
        String key = ConsentWords.key(name);
        if (HARMLESS.contains(key)) {
            return false;
        }
        for (String part : ABOUT_MAIL) {
            if (key.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The status that a non-empty cell states.
     *
     * @return empty if it is not understood
     */
    public Optional<ContactStatus> read(String cell) {
        Boolean truth = CellType.truth(cell.strip());
        return switch (this) {
            case STATUS, PERHAPS_STATUS ->
                    ConsentWords.status(cell)
                            .or(
                                    () ->
                                            yesMeans(
                                                    truth,
                                                    ContactStatus.SUBSCRIBED,
                                                    ContactStatus.UNSUBSCRIBED));
            case OPT_OUT ->
                    yesMeans(truth, ContactStatus.UNSUBSCRIBED, ContactStatus.SUBSCRIBED)
                            .or(() -> ConsentWords.status(cell))
                            .or(() -> momentMeans(cell, ContactStatus.UNSUBSCRIBED));
            case OPT_IN ->
                    yesMeans(truth, ContactStatus.SUBSCRIBED, ContactStatus.UNSUBSCRIBED)
                            .or(() -> ConsentWords.status(cell))
                            .or(() -> momentMeans(cell, ContactStatus.SUBSCRIBED));
            case BOUNCED ->
                    yesMeans(truth, ContactStatus.BOUNCED, ContactStatus.SUBSCRIBED)
                            .or(() -> bounceOf(cell))
                            .or(() -> momentMeans(cell, ContactStatus.BOUNCED));
            case COMPLAINED ->
                    yesMeans(truth, ContactStatus.COMPLAINED, ContactStatus.SUBSCRIBED)
                            .or(() -> ConsentWords.status(cell))
                            .or(() -> momentMeans(cell, ContactStatus.COMPLAINED));
            case UNSUBSCRIBED_AT -> filledMeans(cell, truth, ContactStatus.UNSUBSCRIBED);
            case BOUNCED_AT -> filledMeans(cell, truth, ContactStatus.BOUNCED);
        };
    }

    private static Optional<ContactStatus> yesMeans(
            @Nullable Boolean truth, ContactStatus yes, ContactStatus no) {
        return truth == null ? Optional.empty() : Optional.of(truth ? yes : no);
    }

    private static Optional<ContactStatus> momentMeans(String cell, ContactStatus status) {
        return WrittenDate.of(cell) instanceof WrittenDate.NoDate
                ? Optional.empty()
                : Optional.of(status);
    }

    private static Optional<ContactStatus> bounceOf(String cell) {
        return switch (ConsentWords.key(cell)) {
            case "hard" -> Optional.of(ContactStatus.BOUNCED);
            case "soft", "none" -> Optional.of(ContactStatus.SUBSCRIBED);
            default -> ConsentWords.status(cell);
        };
    }

    /** Any text counts, except a word or a date that means never. */
    private static Optional<ContactStatus> filledMeans(
            String cell, @Nullable Boolean truth, ContactStatus status) {
        boolean never =
                Boolean.FALSE.equals(truth)
                        || cell.startsWith("0000-00-00")
                        || Set.of("never", "null", "none", "nunca", "nie", "jamais", "na", "")
                                .contains(ConsentWords.key(cell));
        return Optional.of(never ? ContactStatus.SUBSCRIBED : status);
    }

    /** Whether a cell is unambiguously about mail, in a column that may be about something else. */
    public boolean proves(String cell) {
        return this != PERHAPS_STATUS
                || ConsentWords.isAboutMail(cell)
                || Arrays.stream(ContactStatus.values()).anyMatch(s -> s.name().equals(cell));
    }
}
