package downstream.detection.metrics.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import downstream.detection.metrics.mask.SegmentationField;
import downstream.eval.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A COCO JSON file read as a stream, plain or gzipped; every refusal names the file and the line.
 */
public final class CocoFile implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private static final int GZIP_MAGIC = 0x1f8b;

  private final Object file;
  private final JsonParser parser;

  private CocoFile(Object file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Reader of an opened file. */
  public interface Reading<T> {
    T read(CocoFile file, JsonParser parser) throws IOException;
  }

  /**
   * Reads a file from end to end.
   *
   * @throws BadInput if it does not exist, is not JSON, is cut off, or is refused by the reading
   */
  public static <T> T read(Path file, Reading<T> reading) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file, "no such file", "Check the path");
    }
    try (InputStream in = open(file)) {
      return read(file, in, reading);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  /**
   * Reads JSON from a stream.
   *
   * @param file names it in messages
   */
  public static <T> T read(Object file, InputStream in, Reading<T> reading) throws IOException {
    try (CocoFile open = new CocoFile(file, FACTORY.createParser(in))) {
      return reading.read(open, open.parser);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String line =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      String problem = "is not JSON" + line + ": " + e.getOriginalMessage();
      throw new BadInput(file, problem, "Write the file again: it may be truncated or damaged", e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new java.io.BufferedInputStream(Files.newInputStream(file), 1 << 16);
    raw.mark(2);
    int magic = raw.read() << 8 | raw.read();
    raw.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  /** A refusal at the place the parser stands at. */
  BadInput bad(String problem, String fix) {
    JsonLocation at = parser.currentLocation();
    return new BadInput(file + ":" + at.getLineNr() + ":" + at.getColumnNr(), problem, fix);
  }

  /** A refusal of the file as a whole. */
  BadInput badFile(String problem, String fix) {
    return new BadInput(file, problem, fix);
  }

  /** The whole number the parser stands on; 7.0 is 7, as in Python, but "7" is not. */
  long id(String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
        return (long) value;
      }
    }
    throw bad(
        field + " must be a whole number, found " + quoted(),
        "Write it as in the ground truth, without quotes");
  }

  /** The number the parser stands on: not NaN, not infinite. */
  double number(String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw bad(
        field + " must be a finite number, found " + quoted(),
        "Drop the entry or correct what wrote it");
  }

  /** Reads the boolean value at which the parser stands: true, or a number other than 0. */
  boolean flag() throws IOException {
    return parser.currentToken().isBoolean()
        ? parser.getBooleanValue()
        : parser.currentToken().isNumeric() && parser.getDoubleValue() != 0;
  }

  /** Reads the array [x, y, width, height] the parser stands on; false if it is empty. */
  boolean box(double[] into) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw bad("bbox must be [x, y, width, height], found " + quoted(), "Correct the entry");
    }
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      double value = number("bbox");
      if (count < into.length) {
        into[count] = value;
      }
      count++;
    }
    if (count != 0 && count != into.length) {
      throw bad("bbox must have 4 numbers, found " + count, "Correct the entry");
    }
    return count != 0;
  }

  /** The segmentation the parser stands on; empty for null and for an empty list. */
  Optional<SegmentationField> segmentation() throws IOException {
    try {
      return SegmentationField.read(parser);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), "Correct the entry");
    }
  }

  private String quoted() throws IOException {
    return "'" + parser.getText() + "'";
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
