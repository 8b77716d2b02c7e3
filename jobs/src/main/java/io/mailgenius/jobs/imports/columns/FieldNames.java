package io.mailgenius.jobs.imports.columns;

import static io.mailgenius.jobs.imports.columns.ContactField.CITY;
import static io.mailgenius.jobs.imports.columns.ContactField.COUNTRY;
import static io.mailgenius.jobs.imports.columns.ContactField.EMAIL;
import static io.mailgenius.jobs.imports.columns.ContactField.FIRST_NAME;
import static io.mailgenius.jobs.imports.columns.ContactField.LAST_NAME;
import static io.mailgenius.jobs.imports.columns.ContactField.LOCALE;
import static io.mailgenius.jobs.imports.columns.ContactField.PHONE;
import static io.mailgenius.jobs.imports.columns.ContactField.TIME_ZONE;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that columns have in the exports of Google Contacts, Outlook, Thunderbird, Mailchimp,
 * HubSpot, Salesforce, Shopify, WooCommerce and RD Station, and in lists that people write, in
 * English, Portuguese, Spanish, German and French. They are compared by {@link ColumnName#key}.
 */
public final class FieldNames {

    /**
     * @param main whether the name stands for the field itself; one that does not, such as {@code
     *     Business City}, stands for it where no column with a main name does
     */
    record Meaning(ContactField field, boolean main) {}

    private static final Map<String, Meaning> MEANINGS = new HashMap<>();

    /** Names that mean something only beside another column. */
    private static final Map<String, String> ONLY_BESIDE = Map.of("cc", "euid", "name", "vorname");

    /** Additions of forms to the name of a field, in parentheses. */
    private static final Pattern NOTE = Pattern.compile("(.+?)\\s*[(\\[]([^()\\[\\]]*)[)\\]]\\W*");

    private static final int LONGEST_WITH_NOTE = 100;

    private static final Set<String> NOTES =
            Set.of(
                    "required",
                    "obrigatorio",
                    "obligatorio",
                    "pflichtfeld",
                    "obligatoire",
                    "primary",
                    "principal",
                    "comddd",
                    "dddnumero");

    static {
        main(EMAIL, "email emailaddress mail mailaddress email1 email1value email1address");
        main(
                EMAIL,
                "primaryemail primaryemailaddress contactemail customeremail useremail youremail");
        main(EMAIL, "subscriberemail emailid");
        main(EMAIL, "enderecodeemail enderecoemail enderecodecorreioeletronico correioeletronico");
        main(EMAIL, "enderecodecorreioelectronico correioelectronico emailprincipal emailprimario");
        main(EMAIL, "seuemail emaildocliente emaildocontato");
        main(EMAIL, "correo correoelectronico direcciondecorreo direcciondecorreoelectronico");
        main(
                EMAIL,
                "direcciondelcorreoelectronico direcciondeemail direccionemail correoprincipal");
        main(EMAIL, "correoelectronicoprincipal direcciondecorreoelectronicoprincipal tucorreo");
        main(EMAIL, "emailadresse mailadresse primareemailadresse hauptemailadresse");
        main(EMAIL, "adresseemail adressemail adressedemessagerie adresseelectronique courriel");
        main(
                EMAIL,
                "adressecourriel adressedecourriel courrierelectronique adresseemailprincipale");
        main(EMAIL, "adresseelectroniqueprincipale courrielprincipal votreemail");
        other(
                EMAIL,
                "workemail workemailaddress businessemail personalemail homeemail billingemail");
        other(EMAIL, "emailcomercial emailpessoal emailpersonal emailgeschaftlich emailprivat");
        other(EMAIL, "emailprofessionnel adresseemailprofessionnelle emailpersonnel shippingemail");

        main(FIRST_NAME, "firstname givenname forename fname");
        main(FIRST_NAME, "nome primeironome prenome nomeproprio");
        main(FIRST_NAME, "nombre nombres primernombre nombredepila");
        main(FIRST_NAME, "vorname rufname prenom prenoms");
        other(FIRST_NAME, "billingfirstname shippingfirstname contactfirstname preferredname");

        main(LAST_NAME, "lastname surname familyname lname");
        main(LAST_NAME, "sobrenome ultimonome apellido apellidos primerapellido");
        main(LAST_NAME, "nachname familienname zuname nomdefamille");
        other(
                LAST_NAME,
                "apelido apelidos nom name billinglastname shippinglastname contactlastname");

        main(
                PHONE,
                "phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber");
        main(PHONE, "mobilephonenumber cellphone cell cellphonenumber phone1value phone1");
        main(PHONE, "telefone celular telemovel fone whatsapp numerodetelefone numerodecelular");
        main(
                PHONE,
                "numerodocelular numerodotelefone numerodetelemovel telefonecelular telefonemovel");
        main(PHONE, "telefono movil telefonomovil telefonocelular numerodetelefono numerodemovil");
        main(
                PHONE,
                "numerodetelefonomovil telefon telefonnummer handy handynummer mobil mobiltelefon");
        main(PHONE, "mobilnummer mobiltelefonnummer mobiltelnr mobilfunknummer rufnummer");
        main(PHONE, "telmobile telephonemobile telephoneportable portable numerodetelephone");
        main(PHONE, "numerodetelephonemobile numerodetelephoneportable numerodeportable gsm");
        other(
                PHONE,
                "primaryphone homephone workphone businessphone companyphone companymainphone");
        other(PHONE, "otherphone defaultaddressphone billingphone shippingphone telefoneprincipal");
        other(PHONE, "telefonecomercial telefoneresidencial telefoneprofissional telefonedecasa");
        other(PHONE, "fonecomercial fonedecasa fonedetrabalho foneprimario celularpessoal");
        other(PHONE, "telefonoprincipal telefonoparticular telefonodeltrabajo telefonotrabajo");
        other(PHONE, "haupttelefon telefonprivat telefongeschaftlich telefonfirma teldienstlich");
        other(PHONE, "telprivat telephoneprincipal telephonedomicile telephonebureau telpersonnel");
        other(PHONE, "telprofessionnel telephonesociete telephonefixe telefonefixo telefonofijo");

        main(CITY, "city town locality cidade municipio localidade");
        main(CITY, "ciudad poblacion localidad stadt ort wohnort ville commune");
        other(
                CITY,
                "homecity businesscity workcity othercity mailingcity billingcity shippingcity");
        other(CITY, "defaultaddresscity address1city addresscity cidadecomercial cidadedecasa");
        other(CITY, "cidadedetrabalho cidaderesidencial cidadedoenderecocomercial");
        other(CITY, "cidadedoenderecoresidencial cidadeparacorrespondencia");
        other(CITY, "ciudaddetrabajo ciudaddeltrabajo ciudadtrabajo ciudaddondevive");
        other(CITY, "ciudadderesidencia ciudaddecorreo ciudaddecorrespondencia");
        other(CITY, "ortprivat ortgeschaftlich privatort dienstlichort weitererort");
        other(CITY, "postanschriftort villedomicile villebureau villeautre villedecorrespondance");

        main(COUNTRY, "country countrycode countryregion pais paisregiao paisregion paisoregion");
        main(COUNTRY, "codigodopais codigodepais codigopais land landregion landercode");
        main(COUNTRY, "pays paysregion codepays");
        other(COUNTRY, "cc homecountry homecountryregion businesscountry businesscountryregion");
        other(COUNTRY, "workcountry othercountry othercountryregion mailingcountry billingcountry");
        other(COUNTRY, "shippingcountry mailingcountrycode defaultaddresscountry address1country");
        other(COUNTRY, "defaultaddresscountrycode addresscountry regiaopaiscomercial");
        other(COUNTRY, "paisregiaocomercial regiaopaisdecasa paisdecasa paisdetrabalho");
        other(COUNTRY, "paisregiaodoenderecocomercial paisregiaodoenderecoresidencial");
        other(
                COUNTRY,
                "paisparacorrespondencia paisderesidencia paistrabajo paisoregiondeltrabajo");
        other(COUNTRY, "paisoregiondeldomicilio paisoregionderesidencia paisdecorreo");
        other(COUNTRY, "landprivat landgeschaftlich landregionprivat landregiongeschaftlich");
        other(COUNTRY, "privatland dienstlichland postanschriftland paysregiondomicile");
        other(COUNTRY, "paysregionbureau paysregionautre paysdecorrespondance");

        main(LOCALE, "locale language lang preferredlanguage preferredlocale");
        main(LOCALE, "idioma lingua idiomapreferido idiomapreferencial linguapreferida");
        main(LOCALE, "sprache bevorzugtesprache langue languepreferee");

        main(TIME_ZONE, "timezone tz fusohorario zonahoraria husohorario zeitzone fuseauhoraire");
    }

    private FieldNames() {}

    private static void main(ContactField field, String names) {
        know(new Meaning(field, true), names);
    }

    private static void other(ContactField field, String names) {
        know(new Meaning(field, false), names);
    }

    private static void know(Meaning meaning, String names) {
        for (String name : names.split(" ")) {
            if (MEANINGS.put(name, meaning) != null) {
                throw new IllegalStateException("Two meanings of " + name);
            }
        }
    }

    /**
     * What a column means by its name.
     *
     * @param besideKeys the keys of all columns
     */
    public static Optional<Meaning> meaning(String name, Set<String> besideKeys) {
        String key = ColumnName.key(name);
        String beside = ONLY_BESIDE.get(key);
        if (beside != null && !besideKeys.contains(beside)) {
            return Optional.empty();
        }
        Meaning meaning = MEANINGS.get(key);
        if (meaning != null) {
            return Optional.of(meaning);
        }
        if (name.length() > LONGEST_WITH_NOTE) {
            return Optional.empty();
        }
        Matcher note = NOTE.matcher(name);
        return note.matches() && NOTES.contains(ColumnName.key(note.group(2)))
                ? Optional.ofNullable(MEANINGS.get(ColumnName.key(note.group(1))))
                : Optional.empty();
    }
}
