package downstream.eval;

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
          "downstream.eval",
          "downstream.eval.torch",
          "downstream.eval.parallel",
          "downstream.eval.train.optimiser",
          "downstream.eval.train",
          "downstream.eval.data.image",
          "downstream.eval.data.annotation",
          "downstream.eval.data",
          "downstream.eval.data.synthetic",
          "downstream.eval.encoder.operators",
          "downstream.eval.encoder.graph",
          "downstream.eval.encoder",
          "downstream.eval.encoder.build",
          "downstream.eval.encoder.runtime",
          "downstream.eval.encoder.train",
          "downstream.eval.encoder.frozen",
          "downstream.eval.encoder.rewrite",
          "downstream.eval.encoder.inspect",
          "downstream.eval.pretraining",
          "downstream.eval.task",
          "downstream.eval.finetune",
          "downstream.eval.run",
          "downstream.eval.run.execute",
          "downstream.eval.cli",
          "downstream.eval.suite",
          "downstream.eval.confusion",
          "downstream.eval.classification");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("downstream.eval");

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
