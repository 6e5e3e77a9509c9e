"""Cases in bulk from CSV files: a mapping says what each column means, the rest is RPC (IN-18).

mapping_file   YAML -> Mapping, every error at once, each with its place in the file
mapping        a row and a Mapping -> Plan: one registration and the steps after it (pure)
values         how a field is made from columns (pure)
conversation   Plan -> requests, one after the other, resumable (pure)
rows           CSV -> rows; a broken line refuses itself, not the file
journal        what went in already; beside the suite's data
refused        the report of refused rows
run            rows -> requests in flight -> journal and report
"""
