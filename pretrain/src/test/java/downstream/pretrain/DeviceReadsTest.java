package downstream.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Where values are read back from the device, each time a wait for it: files, embeddings and the
 * table of a command, none in a training step. The training loop makes the one of a step.
 */
class DeviceReadsTest {
  private static final Pattern READ =
      Pattern.compile("get(Float|Double|Long|Int|Byte|Boolean)|to\\w*Array|toByteBuffer");

  @Test
  void only_these_classes_read_from_the_device() {
    assertThat(
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("downstream.pretrain")
                    .stream()
                    .flatMap(type -> type.getMethodCallsFromSelf().stream())
                    .filter(DeviceReadsTest::isRead)
                    .map(call -> call.getOriginOwner().getSimpleName())
                    .distinct())
        .containsExactlyInAnyOrder("Batches", "DecoderFile", "LinearPredictors", "MlpHead");
  }

  private static boolean isRead(JavaMethodCall call) {
    return call.getTargetOwner().isAssignableTo(NDArray.class)
        && READ.matcher(call.getName()).matches();
  }
}
