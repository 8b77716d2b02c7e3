package io.mailgenius.jobs.delivery;

/** A chunk of a campaign's frozen audience. */
record Recipients(long campaignId, long[] contacts) {}
