package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void numbers_are_written_as_java_writes_them() {
    for (double value :
        new double[] {
          0,
          -0.0,
          1,
          -1,
          0.1,
          640,
          1e300,
          Double.MIN_VALUE,
          Double.MIN_NORMAL,
          Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY
        }) {
      assertThat(Fingerprint.hexadecimal(value)).isEqualTo(Double.toHexString(value));
    }
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      double coordinate = Math.round(random.nextDouble() * 64000) / 100.0;
      assertThat(Fingerprint.hexadecimal(any)).isEqualTo(Double.toHexString(any));
      assertThat(Fingerprint.hexadecimal(coordinate)).isEqualTo(Double.toHexString(coordinate));
    }
  }
}
