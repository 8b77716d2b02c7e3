package io.mailgenius.jobs.delivery;

/**
 * What a restart of a send would do about mails whose outcome was never written down.
 *
 * @param recognised mails that are handed over again under their keys: the provider knows which of
 *     them it has, and sends only the others
 * @param unknown mails whose keys the provider may have forgotten: they are not sent, and end
 *     UNKNOWN
 * @param mayGoAgain mails that somebody could get twice
 */
public record RepeatForecast(long recognised, long unknown, long mayGoAgain) {}
