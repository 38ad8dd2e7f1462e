package downstream.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.run.execute.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
  @TempDir private Path out;
  private Path run = Path.of("");

  @BeforeEach
  void store_a_run() throws IOException {
    Runner runner = new Runner(RunStore.open(out, 0), Clock.systemUTC(), line -> {});
    run = runner.run(Fakes.evaluation(Fakes.data(), 0)).get(0).file();
  }

  @Test
  void reads_back_what_was_written() throws IOException {
    Result result = ResultFile.read(run);
    byte[] before = Files.readAllBytes(run);
    ResultFile.write(run, result);
    assertThat(Files.readAllBytes(run)).isEqualTo(before);
  }

  @Test
  void cut_off_file_is_refused_with_its_place() throws IOException {
    String text = Files.readString(run);
    Files.writeString(run, text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> ResultFile.read(run))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(run.toString())
        .hasMessageContaining("is not JSON (line");
  }

  @Test
  void other_schema_is_refused_by_name() throws IOException {
    Files.writeString(
        run, Files.readString(run).replace(ResultFile.SCHEMA, "downstream/result/99"));
    assertThatThrownBy(() -> ResultFile.read(run))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("found 'downstream/result/99'");
  }

  @Test
  void changed_metric_shows() throws IOException {
    String text = Files.readString(run);
    String changed = text.replaceFirst("\"AP\" : 0\\.\\d", "\"AP\" : 0.9");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(run, changed);
    assertThat(ResultFile.defects(run, ResultFile.read(run)))
        .singleElement()
        .asString()
        .contains("its content does not match its id");
  }

  @Test
  void missing_predictions_show() throws IOException {
    Files.delete(run.resolveSibling("run-0/predictions.json"));
    assertThat(ResultFile.defects(run, ResultFile.read(run)))
        .containsExactly("run-0/predictions.json is missing");
  }
}
