package downstream.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LazyJsonTest {
  private static final String FILE =
      "{\"name\" : \"ä\", \"some\" : {\n  \"a\" : { \"b\" : [ 1.50, \"}\" ] }\n}, \"last\" : 2}";

  /** What the text stands between. */
  private record Around(String name, LazyJson some, int last) {}

  private static Around read(byte[] file) throws IOException {
    ObjectReader reader = Json.MAPPER.readerFor(Around.class);
    return LazyJson.of(reader, file).readValue(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE"})
  void is_what_a_tree_is(String charset) throws IOException {
    Around read = read(FILE.getBytes(Charset.forName(charset)));
    assertThat(read.some().tree()).isEqualTo(Json.MAPPER.readTree(FILE).path("some"));
    assertThat(read.last()).isEqualTo(2);
    assertThat(read).isEqualTo(Json.MAPPER.readValue(FILE, Around.class));
  }

  @Test
  void byte_order_mark_moves_nothing() throws IOException {
    byte[] marked = ("\uFEFF" + FILE).getBytes(StandardCharsets.UTF_8);
    assertThat(read(marked)).isEqualTo(read(FILE.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void is_written_as_the_object_it_is() throws IOException {
    Around read = read(FILE.getBytes(StandardCharsets.UTF_8));
    assertThat(Json.canonical(read)).isEqualTo(Json.canonical(Json.MAPPER.readTree(FILE)));
  }

  @Test
  void anything_but_an_object_is_refused() {
    byte[] wrong = "{\"name\": \"x\", \"some\": [1], \"last\": 2}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(wrong)).isInstanceOf(MismatchedInputException.class);
  }
}
