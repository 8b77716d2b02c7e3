package io.mailgenius.jobs.imports.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.imports.OptionsOfTests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the columns become that other products export, by the names that they give them. */
class ExportHeadersTest {

    /**
     * @param header with commas
     * @param fields which column becomes which field
     */
    record Export(String name, String header, Map<String, String> fields) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Export export(String name, String header, String fields) {
        Map<String, String> byField = new LinkedHashMap<>();
        for (String field : fields.split(" [|] ")) {
            String[] named = field.split(": ", 2);
            byField.put(named[0], named[1]);
        }
        return new Export(name, header, byField);
    }

    static List<Export> exports() {
        List<Export> exports = new ArrayList<>();
        exports.addAll(addressBooks());
        exports.addAll(thunderbird());
        exports.addAll(marketing());
        exports.addAll(shopsAndSales());
        return exports;
    }

    private static List<Export> addressBooks() {
        return List.of(
                export(
                        "Google Contacts",
                        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value",
                        "email: E-mail 1 - Value | firstName: First Name | lastName: Last Name | phone: Phone 1 - Value | city: Address 1 - City | country: Address 1 - Country"),
                export(
                        "Google Contacts of before",
                        "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value",
                        "email: E-mail 1 - Value | firstName: Given Name | lastName: Family Name | phone: Phone 1 - Value | locale: Language"),
                export(
                        "Outlook in English",
                        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Other City,Other Country/Region,Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Account,Anniversary,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Gender,Keywords,Language,Location,Notes,User 1,Web Page",
                        "email: E-mail Address | firstName: First Name | lastName: Last Name | phone: Mobile Phone | city: Business City | country: Business Country/Region | locale: Language"),
                export(
                        "Outlook in German",
                        "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,Ort geschäftlich,Region geschäftlich,Postleitzahl geschäftlich,Land/Region geschäftlich,Straße privat,Ort privat,Bundesland/Kanton privat,Postleitzahl privat,Land/Region privat,Telefon Assistent,Fax geschäftlich,Telefon geschäftlich,Telefon geschäftlich 2,Rückmeldung,Autotelefon,Telefon Firma,Fax privat,Telefon (privat),Mobiltelefon,Weiteres Telefon,Pager,Haupttelefon,Benutzer 1,Beruf,Büro,E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,Geburtstag,Geschlecht,Kategorien,Notizen,Sprache,Webseite",
                        "email: E-Mail-Adresse | firstName: Vorname | lastName: Nachname | phone: Mobiltelefon | city: Ort geschäftlich | country: Land/Region geschäftlich | locale: Sprache"),
                export(
                        "Outlook in French",
                        "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Rue (bureau),Ville (bureau),Dép/Région (bureau),Code postal (bureau),Pays/Région (bureau),Rue (domicile),Ville (domicile),Pays/Région (domicile),Téléphone de l'assistant(e),Télécopie (bureau),Téléphone (bureau),Téléphone 2 (bureau),Téléphone (domicile),Tél. mobile,Téléphone principal,Adresse de messagerie,Type de messagerie,Catégories,Notes,Langue,Page Web",
                        "email: Adresse de messagerie | firstName: Prénom | lastName: Nom | phone: Tél. mobile | city: Ville (bureau) | country: Pays/Région (bureau) | locale: Langue"),
                export(
                        "Outlook in Spanish",
                        "Tratamiento,Nombre,Segundo nombre,Apellidos,Sufijo,Organización,Departamento,Puesto,Calle del trabajo,Ciudad de trabajo,Provincia o estado de trabajo,Código postal del trabajo,País o región del trabajo,País o región del domicilio,Otra ciudad,Teléfono del trabajo,Particular,Teléfono móvil,Teléfono principal,Categorías,Dirección de correo electrónico,Dirección de correo electrónico 2,Género,Página web",
                        "email: Dirección de correo electrónico | firstName: Nombre | lastName: Apellidos | phone: Teléfono móvil | city: Ciudad de trabajo | country: País o región del trabajo"),
                export(
                        "Outlook in Portuguese",
                        "Título,Primeiro nome,Nome do meio,Último nome,Sufixo,Empresa,Departamento,Cargo,Rua comercial,Cidade comercial,Estado comercial,Código postal comercial,Região/País comercial,Cidade de casa,Região/País de casa,Fone comercial,Fone de casa,Celular,Fone Primario,Endereço de E-mail,Endereço de E-mail 2,Categorias,Notas,Página Web",
                        "email: Endereço de E-mail | firstName: Primeiro nome | lastName: Último nome | phone: Celular | city: Cidade comercial | country: Região/País comercial"));
    }

    private static List<Export> thunderbird() {
        return List.of(
                export(
                        "Thunderbird in English",
                        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work City,Work Country,Job Title,Department,Organization,Web Page 1,Birth Year,Birth Month,Birth Day,Custom 1,Notes",
                        "email: Primary Email | firstName: First Name | lastName: Last Name | phone: Mobile Number | city: Home City | country: Home Country"),
                export(
                        "Thunderbird in German",
                        "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Messenger-Name,Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Ort,Dienstlich: Land,Notizen",
                        "email: Primäre E-Mail-Adresse | firstName: Vorname | lastName: Nachname | phone: Mobil-Tel.-Nr. | city: Privat: Ort | country: Privat: Land"),
                export(
                        "Thunderbird in French",
                        "Prénom,Nom de famille,Nom à afficher,Surnom,Adresse e-mail principale,Adresse e-mail secondaire,Nom de l’écran,Tél. professionnel ,Tél. personnel,Fax,Pager,Portable,Adresse privée,Ville,Pays/État,Code postal,Pays/Région (domicile),Adresse professionnelle,Ville,Pays/Région (bureau),Notes",
                        "email: Adresse e-mail principale | firstName: Prénom | lastName: Nom de famille | phone: Portable | city: Ville | country: Pays/Région (domicile)"),
                export(
                        "Thunderbird in Spanish",
                        "Nombre,Apellidos,Nombre mostrado,Apodo,Dirección de correo electrónico principal,Dirección de correo electrónico secundaria,Nombre en pantalla,Teléfono (Trabajo),Teléfono particular,Fax,Buscapersonas,Teléfono móvil,Dirección personal,Ciudad donde vive,Provincia,Código postal,País de residencia,Ciudad (Trabajo),País (Trabajo),Notas",
                        "email: Dirección de correo electrónico principal | firstName: Nombre | lastName: Apellidos | phone: Teléfono móvil | city: Ciudad donde vive | country: País de residencia"),
                export(
                        "Thunderbird in the Portuguese of Brazil",
                        "Primeiro nome,Sobrenome,Nome de exibição,Apelido,Email principal,Email secundário,Nome de tela,Telefone comercial,Telefone residencial,Número do fax,Número do pager,Número do celular,Endereço,Cidade,Estado,CEP,País,Cidade de trabalho,País de trabalho,Notas",
                        "email: Email principal | firstName: Primeiro nome | lastName: Sobrenome | phone: Número do celular | city: Cidade | country: País"),
                export(
                        "Thunderbird in the Portuguese of Portugal",
                        "Nome,Apelido,Nome exibido,Nickname,Email primário,E-mail secundário,Nome a mostrar,Telefone profissional,Telefone de casa,Número de fax,Número de pager,Número de telemóvel,Endereço pessoal,Notas",
                        "email: Email primário | firstName: Nome | lastName: Apelido | phone: Número de telemóvel"));
    }

    private static List<Export> marketing() {
        return List.of(
                export(
                        "Mailchimp",
                        "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
                        "email: Email Address | firstName: First Name | lastName: Last Name | phone: Phone Number | country: CC | timeZone: TIMEZONE"),
                export(
                        "Mailchimp with merge tags",
                        "EMAIL,FNAME,LNAME,PHONE,MEMBER_RATING,CC,LEID,EUID",
                        "email: EMAIL | firstName: FNAME | lastName: LNAME | phone: PHONE | country: CC"),
                export(
                        "HubSpot in English",
                        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Primary Associated Company ID,Associated Company,Last Activity Date (GMT),Lead Status,Create Date,City,Country/Region,Preferred language,Time Zone",
                        "email: Email | firstName: First Name | lastName: Last Name | phone: Phone Number | city: City | country: Country/Region | locale: Preferred language | timeZone: Time Zone"),
                export(
                        "HubSpot in Portuguese",
                        "ID do registro,Nome,Sobrenome,E-mail,Número de telefone,Proprietário do contato,Cidade,País/Região,Idioma preferencial,Fuso horário",
                        "email: E-mail | firstName: Nome | lastName: Sobrenome | phone: Número de telefone | city: Cidade | country: País/Região | locale: Idioma preferencial | timeZone: Fuso horário"),
                export(
                        "HubSpot in Spanish",
                        "ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Propietario del contacto,Ciudad,País/región",
                        "email: Correo | firstName: Nombre | lastName: Apellidos | phone: Número de teléfono | city: Ciudad | country: País/región"),
                export(
                        "HubSpot in German",
                        "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Zuständiger Mitarbeiter,Stadt,Land/Region",
                        "email: E-Mail | firstName: Vorname | lastName: Nachname | phone: Telefonnummer | city: Stadt | country: Land/Region"),
                export(
                        "HubSpot in French",
                        "ID d'enregistrement,Prénom,Nom,E-mail,Numéro de téléphone,Propriétaire du contact,Ville,Pays/région",
                        "email: E-mail | firstName: Prénom | lastName: Nom | phone: Numéro de téléphone | city: Ville | country: Pays/région"),
                export(
                        "RD Station",
                        "Email,Nome,Empresa,Cargo,Telefone,Celular,Website,Estado,Cidade,Estágio no funil,Lead Scoring - Perfil,Lead Scoring - Interesse,Tags,URL pública,Data de aniversário,Base legal para comunicação,Total de conversões,Data da primeira conversão,Origem da primeira conversão,Data da última conversão,Origem da última conversão,Celular.1",
                        "email: Email | firstName: Nome | phone: Telefone | city: Cidade"));
    }

    private static List<Export> shopsAndSales() {
        return List.of(
                export(
                        "Salesforce, a report",
                        "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,Account Owner,Account Name",
                        "email: Email | firstName: First Name | lastName: Last Name | phone: Phone | city: Mailing City | country: Mailing Country"),
                export(
                        "Salesforce, by the data loader",
                        "ID,FIRSTNAME,LASTNAME,MAILINGCITY,MAILINGCOUNTRY,PHONE,MOBILEPHONE,EMAIL,HASOPTEDOUTOFFAX",
                        "email: EMAIL | firstName: FIRSTNAME | lastName: LASTNAME | phone: PHONE | city: MAILINGCITY | country: MAILINGCOUNTRY"),
                export(
                        "Salesforce in German",
                        "Anrede,Vorname,Nachname,Postanschrift (Ort),Postanschrift (Land),Telefon,Mobil,E-Mail",
                        "email: E-Mail | firstName: Vorname | lastName: Nachname | phone: Telefon | city: Postanschrift (Ort) | country: Postanschrift (Land)"),
                export(
                        "Shopify",
                        "Customer ID,First Name,Last Name,Email,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Total Spent,Total Orders,Note,Tax Exempt,Tags",
                        "email: Email | firstName: First Name | lastName: Last Name | phone: Phone | city: Default Address City | country: Default Address Country Code"),
                export(
                        "Shopify of before",
                        "First Name,Last Name,Email,Company,Address1,Address2,City,Province,Province Code,Country,Country Code,Zip,Phone,Total Spent,Total Orders,Tags,Note,Tax Exempt",
                        "email: Email | firstName: First Name | lastName: Last Name | phone: Phone | city: City | country: Country"),
                export(
                        "WooCommerce",
                        "id,billing_first_name,billing_last_name,billing_email,billing_phone,billing_city,billing_country",
                        "email: billing_email | firstName: billing_first_name | lastName: billing_last_name | phone: billing_phone | city: billing_city | country: billing_country"),
                export(
                        "a form",
                        "Carimbo de data/hora,Nome (obrigatório),E-mail *,Telefone (com DDD):,Cidade?",
                        "email: E-mail * | firstName: Nome (obrigatório) | phone: Telefone (com DDD): | city: Cidade?"),
                export(
                        "a German list",
                        "Vorname;Name;E-Mail;Handy;Wohnort".replace(';', ','),
                        "email: E-Mail | firstName: Vorname | lastName: Name | phone: Handy | city: Wohnort"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exports")
    void each_field_is_taken_from_its_column_and_nothing_is_lost(Export export) {
        List<String> names = ColumnMapping.names(Arrays.asList(export.header().split(",")));

        ColumnMapping mapping = ColumnMapping.of(names, List.of(), ImportOptions.DEFAULT);

        Map<String, String> fields = new LinkedHashMap<>();
        for (int n = 0; n < names.size(); n++) {
            String target = mapping.targets().get(n);
            if (!target.startsWith("attributes.")) {
                fields.put(target, names.get(n));
            }
        }
        assertThat(fields).containsExactlyInAnyOrderEntriesOf(export.fields());
        assertThat(mapping.targets()).doesNotHaveDuplicates().doesNotContain("ignore");
    }

    @Test
    void a_name_that_means_something_elsewhere_means_nothing_alone() {
        assertThat(targets("email,CC,Name", List.of()))
                .containsExactly("email", "attributes.CC", "attributes.Name");
    }

    @Test
    void of_two_columns_for_a_field_the_second_becomes_an_attribute_with_a_warning() {
        ColumnMapping mapping =
                mapping(
                        "E-mail,Telefone,Celular,Nome,Primeiro Nome,e-mail",
                        List.of("a@example.com,1,2,Ana,Ana Maria,b@example.com"),
                        ImportOptions.DEFAULT);

        assertThat(mapping.targets())
                .containsExactly(
                        "email",
                        "phone",
                        "attributes.Celular",
                        "firstName",
                        "attributes.Primeiro Nome",
                        "attributes.e-mail");
        assertThat(mapping.warnings())
                .hasSize(3)
                .anyMatch(w -> w.contains("phone") && w.contains("Celular"))
                .anyMatch(w -> w.contains("firstName") && w.contains("Primeiro Nome"))
                .anyMatch(w -> w.contains("\"e-mail\""));
    }

    @Test
    void a_column_without_values_yields_to_one_that_has_some() {
        assertThat(targets("E-mail,Telefone,Celular", List.of("a@example.com,,2")))
                .containsExactly("email", "attributes.Telefone", "phone");
        assertThat(targets("Ort,E-Mail,Ort privat", List.of(",a@example.com,Ulm")))
                .containsExactly("attributes.Ort", "email", "city");
        assertThat(targets("Email,E-mail address", List.of(",a@example.com")))
                .containsExactly("attributes.Email", "email");
    }

    @Test
    void what_the_options_say_is_not_said_again() {
        ColumnMapping mapping =
                mapping(
                        "E-mail,Fone,Tel,Plan",
                        List.of("a@example.com,1,2,x"),
                        OptionsOfTests.of(
                                "{'mapping': {'Tel': 'phone', 'Plan': 'attributes.Fone'}}"));

        assertThat(mapping.targets())
                .containsExactly("email", "attributes.Fone 2", "phone", "attributes.Fone");
        assertThat(mapping.warnings()).hasSize(2);
    }

    @Test
    void a_column_full_of_addresses_is_the_one_of_addresses() {
        ColumnMapping mapping =
                mapping(
                        "Quem,Onde,Obs",
                        List.of("Ana,a@example.com,x@example.com", "Bob,b@example.com,", "Eve,-,"),
                        ImportOptions.DEFAULT);

        assertThat(mapping.targets())
                .containsExactly("attributes.Quem", "attributes.Onde", "attributes.Obs");

        mapping =
                mapping(
                        "Quem,Onde,Obs",
                        List.of("Ana,a@example.com,x", "Bob,b@example.com,", "Eve,,c@example.com"),
                        ImportOptions.DEFAULT);

        assertThat(mapping.targets()).containsExactly("attributes.Quem", "email", "attributes.Obs");
        assertThat(mapping.warnings()).anyMatch(warning -> warning.contains("\"Onde\""));
    }

    @Test
    void of_two_columns_full_of_addresses_neither_is_guessed() {
        ColumnMapping mapping =
                mapping(
                        "Cliente,Vendedor",
                        List.of("a@example.com,x@example.com", "b@example.com,x@example.com"),
                        ImportOptions.DEFAULT);

        assertThat(mapping.targets()).doesNotContain("email");
        assertThat(mapping.warnings())
                .anyMatch(warning -> warning.contains("\"Cliente\" or \"Vendedor\""));
    }

    @Test
    void a_column_that_is_named_for_addresses_is_not_overruled_by_one_that_has_some() {
        assertThat(targets("Cliente,E-mail", List.of("a@example.com,b@example.com")))
                .containsExactly("attributes.Cliente", "email");
        assertThat(
                        mapping(
                                        "Cliente,E-mail",
                                        List.of("a@example.com,b@example.com"),
                                        OptionsOfTests.of("{'mapping': {'Cliente': 'email'}}"))
                                .targets())
                .containsExactly("email", "attributes.E-mail");
    }

    @Test
    void two_columns_that_would_be_one_attribute_become_two() {
        ColumnMapping mapping =
                mapping("email,plan,attributes.plan,attributes.", List.of(), ImportOptions.DEFAULT);

        assertThat(mapping.targets())
                .containsExactly("email", "attributes.plan", "attributes.plan 2", "ignore");
        assertThat(mapping.warnings()).hasSize(1);
    }

    @Test
    void names_of_attributes_are_in_nfc_whoever_gives_them() {
        String nfd = "Prac\u0327a";
        assertThat(targets("email," + nfd, List.of()))
                .containsExactly("email", "attributes.Pra\u00E7a");
        assertThat(
                        mapping(
                                        "email,Pra\u00E7a",
                                        List.of(),
                                        OptionsOfTests.of(
                                                "{'mapping': {'%s': 'attributes.%s'}}"
                                                        .formatted(nfd, nfd)))
                                .targets())
                .containsExactly("email", "attributes.Pra\u00E7a");
    }

    @Test
    void columns_of_a_file_of_rejects_are_passed_over_and_those_behind_them_keep_their_names() {
        assertThat(targets("line,column,reason,email,reason", List.of()))
                .containsExactly("ignore", "ignore", "ignore", "email", "attributes.reason");
    }

    private static List<String> targets(String header, List<String> rows) {
        return mapping(header, rows, ImportOptions.DEFAULT).targets();
    }

    private static ColumnMapping mapping(String header, List<String> rows, ImportOptions options) {
        return ColumnMapping.of(
                ColumnMapping.names(Arrays.asList(header.split(",", -1))),
                rows.stream().map(row -> Arrays.asList(row.split(",", -1))).toList(),
                options);
    }
}
