package downstream.eval.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG files (ISO/IEC 15948), 8 bits a sample, grey or RGB, no row filters. {@link #stored}
 * gives the same bytes on every machine: zlib builds differ in what they compress to, a stored
 * stream leaves them no choice.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 137, 80, 78, 71, 13, 10, 26, 10};
  private static final int BLOCK = 65535;

  private Png() {}

  /** A compressed PNG of row-major samples; {@code channels} is 1 (grey) or 3 (RGB). */
  static byte[] encode(int width, int height, int channels, byte[] samples) {
    return file(width, height, channels, compress(rows(width, height, channels, samples)));
  }

  /** An uncompressed PNG of row-major samples, the same bytes everywhere. */
  static byte[] stored(int width, int height, int channels, byte[] samples) {
    return file(width, height, channels, store(rows(width, height, channels, samples)));
  }

  private static byte[] file(int width, int height, int channels, byte[] stream) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(stream.length + 64);
    out.writeBytes(SIGNATURE);
    byte colourType = (byte) (channels == 1 ? 0 : 2);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(out, "IHDR", header.put((byte) 8).put(colourType).array());
    chunk(out, "IDAT", stream);
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /** Every row behind its filter byte, 0: no filter. */
  private static byte[] rows(int width, int height, int channels, byte[] samples) {
    int row = width * channels;
    byte[] rows = new byte[height * (row + 1)];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * row, rows, y * (row + 1) + 1, row);
    }
    return rows;
  }

  private static byte[] compress(byte[] data) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(data);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4). */
  private static byte[] store(byte[] data) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(data.length + data.length / BLOCK * 5 + 16);
    out.write(0x78);
    out.write(0x01);
    for (int from = 0; from < data.length; from += BLOCK) {
      int length = Math.min(BLOCK, data.length - from);
      out.write(from + length == data.length ? 1 : 0);
      out.write(length);
      out.write(length >> 8);
      out.write(~length);
      out.write(~length >> 8);
      out.write(data, from, length);
    }
    Adler32 adler = new Adler32();
    adler.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) adler.getValue()).array());
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
