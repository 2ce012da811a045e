product-name = Thước
product-line = Digital transformation index
sample-data = Sample data, not official results
skip-to-content = Skip to content
main-navigation = Main navigation
sign-in-link = For officials: sign in
sign-out = Sign out
sign-out-everywhere = Sign out on all devices

role-unit_editor = Unit specialist
role-unit_approver = Head of unit
role-appraiser = Council member
role-council_chair = Council chair
role-council_secretary = Council secretary
role-period_manager = Standing agency
role-rule_admin = Indicator set administrator
role-publisher = Publisher
role-inspector = Inspector
role-tenant_admin = Administrator

name = Name
save = Save
yes = Yes
no = No
form-stale = Somebody saved before you; what is new is below and what you typed is kept. Look at it, then send again if needed.
rank-outside = Not ranked
