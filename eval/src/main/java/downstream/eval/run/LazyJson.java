package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object inside a stored run, kept as text until it is read: a board reads thousands of runs and
 * looks into few.
 */
@JsonDeserialize(using = LazyJson.Reader.class)
public final class LazyJson {
  private final byte[] text;

  private LazyJson(byte[] text) {
    this.text = text;
  }

  /** The text of an object. */
  public static LazyJson of(JsonNode tree) {
    return new LazyJson(Json.canonical(tree).getBytes(StandardCharsets.UTF_8));
  }

  /** The reader, told what it is about to read: then it need not build what it only keeps. */
  static ObjectReader of(ObjectReader reader, byte[] source) {
    return reader.withAttribute(LazyJson.class, source);
  }

  /** The object, a new one each time. */
  @JsonValue
  public ObjectNode tree() {
    try {
      return (ObjectNode) Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("was JSON when it was read", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LazyJson that && tree().equals(that.tree());
  }

  @Override
  public int hashCode() {
    return tree().hashCode();
  }

  @Override
  public String toString() {
    return Json.canonical(tree());
  }

  /** Skips the object and keeps its text. */
  static final class Reader extends JsonDeserializer<LazyJson> {
    @Override
    public LazyJson deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        return (LazyJson) context.handleUnexpectedToken(LazyJson.class, parser);
      }
      int start = (int) parser.currentTokenLocation().getByteOffset();
      if (context.getAttribute(LazyJson.class) instanceof byte[] source
          && start >= 0
          && source[start] == '{') {
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return new LazyJson(Arrays.copyOfRange(source, start, end));
      }
      return LazyJson.of(context.readTree(parser));
    }
  }
}
