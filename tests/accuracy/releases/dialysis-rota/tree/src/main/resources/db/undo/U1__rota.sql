drop table consents, slots, addresses, patients, centres;
