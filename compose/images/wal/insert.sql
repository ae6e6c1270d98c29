INSERT INTO ledger VALUES (:client_id, 1);
