package downstream.eval.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_16U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC4;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * The few OpenCV calls this package makes, on Java arrays. OpenCV works single-threaded here: the
 * loader threads are the parallelism.
 */
final class OpenCv {
  static {
    opencv_core.setNumThreads(1);
  }

  private OpenCv() {}

  /** Decoded, upright RGB image, or null if these bytes are no image. */
  static @org.jspecify.annotations.Nullable Image decode(byte[] file) {
    if (file.length == 0) {
      return null;
    }
    try (BytePointer bytes = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, CV_8UC1, bytes);
        Mat rgb = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR_RGB)) {
      return rgb.empty() ? null : Image.of(rgb.cols(), rgb.rows(), bytes(rgb, 3));
    } catch (RuntimeException damaged) {
      // OpenCV's own refusals (absurd dimensions, broken chunks) come as exceptions.
      return null;
    }
  }

  /** The alpha channel of an image, 8 bits; no values if it has none. */
  static byte[] decodeAlpha(byte[] file) {
    try (BytePointer bytes = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, CV_8UC1, bytes);
        Mat raw = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_UNCHANGED);
        Mat eight = new Mat();
        Mat alpha = new Mat()) {
      if (raw.empty() || raw.channels() != 4) {
        return new byte[0];
      }
      raw.convertTo(eight, CV_8UC4, raw.depth() == CV_16U ? 1.0 / 257 : 1, 0);
      opencv_core.extractChannel(eight, alpha, 3);
      return bytes(alpha, 1);
    } catch (RuntimeException damaged) {
      return new byte[0];
    }
  }

  /** Resizes interleaved 8-bit RGB by one of OpenCV's {@code INTER_} methods. */
  static Image resize(Image image, int width, int height, int method) {
    try (BytePointer bytes = new BytePointer(image.rgb());
        Mat source = new Mat(image.height(), image.width(), CV_8UC3, bytes);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(source, target, size, 0, 0, method);
      return Image.of(width, height, bytes(target, 3));
    }
  }

  private static byte[] bytes(Mat mat, int channels) {
    byte[] bytes = new byte[mat.rows() * mat.cols() * channels];
    try (BytePointer data = mat.data()) {
      data.get(bytes);
    }
    return bytes;
  }
}
