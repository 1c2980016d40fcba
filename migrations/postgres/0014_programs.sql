-- What a task runs: a script with its parameters, or a command. Lists read its label alone.
ALTER TABLE tasks ADD COLUMN program JSONB NOT NULL DEFAULT '{}';
ALTER TABLE tasks ADD COLUMN program_kind TEXT NOT NULL DEFAULT 'script';

UPDATE tasks SET program = jsonb_build_object('kind', 'script', 'file', boot_file, 'parameters', parameters);

ALTER TABLE tasks RENAME COLUMN boot_file TO program_label;
ALTER TABLE tasks DROP COLUMN parameters;
