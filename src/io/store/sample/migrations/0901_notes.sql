-- What tests take as a stage's first migration.
CREATE TABLE notes (
  id BIGINT PRIMARY KEY,
  body TEXT NOT NULL
);
INSERT INTO notes VALUES (1, 'a "quoted"; \ [line] ${HOME} @rows@');
