-- Commercial mail has to say where its sender can be reached by post (CAN-SPAM, 15 U.S.C. 7704 (a)(5)(A)(iii)).
ALTER TABLE workspace ADD COLUMN postal_address text CHECK (postal_address <> '');

-- Frozen with the content: a repeated batch has to be the same to the letter.
ALTER TABLE campaign ADD COLUMN postal_address text;
