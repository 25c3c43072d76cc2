package io.postmesh.image;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips with what is missing. Where the image is promised (`deploy/proof`), it fails instead: a test that is skipped
/// proves nothing.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsImage.Condition.class)
@interface NeedsImage {
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            var missing = Engine.missing();
            if (missing.isEmpty()) return ConditionEvaluationResult.enabled("engine and image are there");
            if (Boolean.getBoolean("postmesh.image.promised")) throw new IllegalStateException(missing.get());
            return ConditionEvaluationResult.disabled(missing.get());
        }
    }
}
