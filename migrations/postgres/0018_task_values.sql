-- What images hold, and what tasks measured and were given, by name: for pages that find an image by its packages, and tasks by a value.

-- The packages that the interpreter of an image can import.
CREATE TABLE image_contents (
    image_id BIGINT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    packages JSONB NOT NULL,
    observed_at BIGINT NOT NULL
);

-- The last, least and greatest value of each metric of a task's newest attempt.
CREATE TABLE task_metrics (
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    last DOUBLE PRECISION NOT NULL,
    least DOUBLE PRECISION NOT NULL,
    most DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (task_id, name)
);

-- The parameters of a task, their beginnings only. `number` is set where the value is one.
CREATE TABLE task_parameters (
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    number DOUBLE PRECISION,
    PRIMARY KEY (task_id, name)
);

-- Whether requirements.txt is installed before the program starts.
ALTER TABLE tasks ADD COLUMN installs_requirements BOOLEAN NOT NULL DEFAULT FALSE;

INSERT INTO task_parameters (task_id, name, value, number)
    SELECT t.id, p ->> 'name', substr(p ->> 'value', 1, 200),
        CASE WHEN p ->> 'value' ~ '^[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?$'
             THEN CAST(p ->> 'value' AS DOUBLE PRECISION) END
    FROM tasks t, jsonb_array_elements(t.program -> 'parameters') p WHERE t.program_kind = 'script'
    ON CONFLICT (task_id, name) DO NOTHING;
