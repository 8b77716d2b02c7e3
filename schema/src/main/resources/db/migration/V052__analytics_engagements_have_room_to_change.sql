-- Four in ten mails are opened hours after they were sent, and each time their engagement gets a first time
-- more. With room on its page the row stays there, and neither index learns of it. Pages that are full
-- already stay so.
ALTER TABLE engagement SET (fillfactor = 75);
