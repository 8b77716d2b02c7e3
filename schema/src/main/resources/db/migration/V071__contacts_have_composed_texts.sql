-- Texts are stored in Unicode's normal form C from now on, and rules and searches are brought into it as well: what was
-- stored in another form would never be found again. The times of contacts stay: nobody has changed them.
DO $$
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN
        UPDATE contact
           SET first_name = normalize(first_name, NFC), last_name = normalize(last_name, NFC),
               phone = normalize(phone, NFC), city = normalize(city, NFC), country = normalize(country, NFC),
               locale = normalize(locale, NFC), time_zone = normalize(time_zone, NFC),
               attributes = CAST(normalize(CAST(attributes AS text), NFC) AS jsonb)
         WHERE concat_ws(' ', first_name, last_name, phone, city, country, locale, time_zone, attributes)
               IS NOT NFC NORMALIZED;
    END IF;
END $$;
