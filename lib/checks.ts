import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type Acknowledgement, acknowledgements } from './acknowledgements.ts';

/**
 * Every synthesis, and so every deployment, ends in an error when cdk-nag's AwsSolutions finds what the table does not
 * explain. cdk-nag's own acknowledgements name findings by the text of whole references, which change with every stack
 * that is renamed; hence a table of patterns.
 *
 * @param used collects the entries that matched.
 */
export function addChecks(app: App, used?: Set<Acknowledgement>): void {
  const pack = new AwsSolutionsChecks(app);
  const plugin: IPolicyValidationPlugin = {
    name: pack.name,
    validate: (context: IPolicyValidationContext) => {
      const { violations } = pack.validate(context);
      const left = violations.flatMap((violation) => {
        const violatingResources = violation.violatingResources.filter(({ constructPath }) => {
          const entry = acknowledgementOf(violation.ruleName, constructPath ?? '');
          if (entry !== undefined) used?.add(entry);
          return entry === undefined;
        });
        return violatingResources.length === 0 ? [] : [{ ...violation, violatingResources }];
      });
      return { success: left.length === 0, violations: left };
    },
  };
  Validations.of(app).addPlugins(plugin);
}

/** @param constructPath `<stage>/<stack>/...`. */
function acknowledgementOf(rule: string, constructPath: string): Acknowledgement | undefined {
  const path = constructPath.slice(constructPath.indexOf('/') + 1);
  return acknowledgements.find((entry) => entry.rule.test(rule) && entry.path.test(path));
}
