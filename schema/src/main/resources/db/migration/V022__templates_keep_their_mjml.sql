-- Whoever writes MJML changes the MJML later; the HTML that was made of it once is what is sent.
ALTER TABLE template_version ADD COLUMN mjml text;
