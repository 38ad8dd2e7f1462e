package downstream.detection;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of this module's packages: each uses only those listed before it. */
class PackageOrderTest {
  private static final List<String> ORDER =
      List.of(
          "downstream.detection.boxes",
          "downstream.detection.layers",
          "downstream.detection.targets",
          "downstream.detection.heads",
          "downstream.detection.metrics.mask",
          "downstream.detection.metrics",
          "downstream.detection.metrics.io",
          "downstream.detection.metrics.coco",
          "downstream.detection.metrics.voc",
          "downstream.detection.metrics.tide",
          "downstream.detection.metrics.report",
          "downstream.detection.cli",
          "downstream.detection");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("downstream.detection");

  @Test
  void every_package_has_its_place() {
    assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(ORDER);
  }

  @Test
  void packages_use_only_those_before_them() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new))
          .check(classes);
    }
  }
}
