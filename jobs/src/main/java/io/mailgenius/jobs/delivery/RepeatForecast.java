package io.mailgenius.jobs.delivery;

/**
 * What a restart of a job would do about mails whose outcome was never stored.
 *
 * @param recognised mails that are sent again under their keys: the provider recognises those it
 *     has, and sends only the others
 * @param unknown mails whose keys the provider may have forgotten: they are not sent, and become
 *     UNKNOWN
 * @param mayGoAgain mails that a recipient could get twice
 */
public record RepeatForecast(long recognised, long unknown, long mayGoAgain) {}
