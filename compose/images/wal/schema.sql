-- Two small tables. No index and no sequence on the ledger: a row is one WAL record and nothing else.
CREATE TABLE ledger (client int NOT NULL, amount int NOT NULL);

CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL);

