package io.ugatit.report;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.curves.Rounds;
import java.util.List;

/** What a comparison shows of one run, besides its samples. */
record ComparedRun(RunDirectory run, RunTables tables, Metrics metrics, Rounds rounds, List<EvaluationRow> evaluations) { }
