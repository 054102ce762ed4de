"""A night of ugatit-spark for Airflow 2.4 or newer: retrain, then translate a corpus by the promoted model.

Every model has an output of its own, translated/NNNN. What is there already is left as it is: a night with no new model translates what is
new in the corpus, and what a night before it has failed to. A night whose retraining fails translates nothing. After a change of translate's
options name another folder.

Needs ugatit-spark and a JDK 17 on the machines of the workers, your NAMENODE below, and an Airflow variable:

    airflow variables set ugatit_conf file:///etc/ugatit/nightly.json
"""

from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2 without that provider
    from airflow.operators.bash import BashOperator

UGATIT = "/opt/ugatit-spark/submit/ugatit"
SKIPPED = 99  # the status that makes a task of BashOperator a skipped one, in every version

with DAG(
    dag_id="ugatit_retrain",
    description="Retrain the image translator, and translate by what is promoted",
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,  # one night makes up for all that were missed
    max_active_runs=1,  # a second night would be refused
    default_args={
        "retries": 2,  # a killed night goes on where it was
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=20),
    },
    tags=["ugatit"],
) as dag:
    retrain = BashOperator(
        task_id="retrain",
        # the last line says which run is promoted, now or still; its path is what translate pulls. Without one both are skipped
        bash_command=(
            "set -eo pipefail;"
            f" last=$({UGATIT} retrain --conf '{{{{ var.value.ugatit_conf }}}}' | tee /dev/stderr | tail -n 1);"
            f" case $last in 'promoted '* | 'still promoted '*) ;; *) exit {SKIPPED} ;; esac;"
            " cat <<< ${last#*promoted }"
        ),
    )
    translate = BashOperator(
        task_id="translate",
        bash_command=(
            'case $RUN in */runs/[0-9]*) ;; *) echo "no promoted run: $RUN" >&2; exit 1 ;; esac; '
            f'{UGATIT} translate --run "$RUN" --direction a2b'
            ' --input hdfs://NAMENODE:8020/corpus --output "hdfs://NAMENODE:8020/translated/${RUN##*/}"'
        ),
        env={"RUN": "{{ ti.xcom_pull(task_ids='retrain') }}"},
        append_env=True,
    )
    retrain >> translate
